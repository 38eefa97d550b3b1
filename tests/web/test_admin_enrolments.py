"""« Inscriptions » of the mairie: who is in, who waits, who was; as a list and as a file."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from models import clock
from models.family_file import enrolment_list
from models.storage.paging import Cut
from tests.portal import Portal
from tests.web.checkout import words
from tests.web.enrolling import BEFORE, EVERYBODY, by_parents, pair

PLACE = "/mairie/inscriptions"
WAIT = "/inscriptions/attente"
HOME = "/inscriptions"
ALL = Cut("child", size=1000)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_who_is_in_and_who_waits(
    portal: Callable[..., Awaitable[Portal]], at: Callable[[str], datetime]
) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(EVERYBODY)
    mairie, sophie, karim = [await town.client(one) for one in ("mairie", "sophie.moreau", "karim.petit")]
    assert "Personne n’attend de place." in words(await mairie.get_page(f"{PLACE}?etat=attente"))
    await sophie.post_form(HOME, await pair("Emma", "vacances"))
    await karim.post_form(WAIT, await pair("Adam", "vacances"))
    holidays = (await pair("Emma", "vacances"))["inscription"].partition("-")[2]
    for said, people in (
        (f"activite={holidays}", ["Durand", "Moreau", "Moreau"]),
        (f"activite={holidays}&recherche=emma", ["Moreau"]),
        ("etat=attente", ["Petit"]),
        ("etat=attente&recherche=emma", []),
        ("etat=terminees", []),
    ):
        answer = await mairie.get(f"{PLACE}?{said}&export=csv")
        lines = [line.split(";") for line in answer.content.decode("utf-8-sig").split("\r\n")[1:-1]]
        assert [line[0] for line in lines] == people, said
    page = words(await mairie.get_page(f"{PLACE}?etat=attente"))
    assert "Adam Petit" in page and "1 attente" in page
    today = clock.now().date()
    for activity in (None, int(holidays)):
        lengths = (
            len((await enrolment_list.enrolled(ALL, today, activity=activity)).rows),
            len((await enrolment_list.waiting(ALL, activity=activity)).rows),
            len((await enrolment_list.enrolled(ALL, today, over=True, activity=activity)).rows),
        )
        assert await enrolment_list.counts(today, activity) == lengths, activity
    assert lengths == (3, 1, 0)
