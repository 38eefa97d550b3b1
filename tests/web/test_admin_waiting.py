"""« Liste d’attente »: the order is shown as it will be served."""

import re
from collections.abc import Callable

import pytest

from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.waiting_list import Waiting
from models.clock import now
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import parent, words

PAGE = "/mairie/liste-attente"


@ON_SQLITE
async def test_who_waits_is_shown_with_the_rank(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie = await town.client("mairie")
    assert "Personne n’attend de place." in await mairie.get_page("/mairie/liste-attente")
    await Opening.filter(day="2016-10-03").update(places=0)
    nadia = await parent(town, "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03")
    assert (await nadia.click()).status_code == 303
    page = await mairie.get_page("/mairie/liste-attente")
    assert "Tom Roux" in page and "Repas, lundi 3 octobre 2016" in page and "MATERNELLE" in page
    await town.verify()


async def test_offers_come_first_then_the_ranks_and_the_file_says_the_same(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie, nadia = await town.client("mairie"), await parent(town, "nadia.roux")
    await Opening.filter(day__in=["2016-10-03", "2016-10-04"]).update(places=0)
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04")
    assert (await nadia.click()).status_code == 303
    requests = await FamilyRequest.all().order_by("id")
    for request in requests:
        await FamilyRequest.accept(request.id, 1, now())
    first, second = await Waiting.all().order_by("opening_id")
    await Waiting.filter(id=first.id).update(state="offered", offered_until=now())
    await Booking.filter(id=first.booking_id).update(state="offered")
    page = await mairie.get_page(PAGE)
    assert "1 attente" in words(page) and "1 place proposée" in words(page)
    for said, days in (
        ("", ["03/10/2016", "04/10/2016"]),
        ("etat=attente", ["04/10/2016"]),
        ("etat=proposee", ["03/10/2016"]),
        ("tri=-jour", ["04/10/2016", "03/10/2016"]),
        ("recherche=roux", ["03/10/2016", "04/10/2016"]),
        ("recherche=durand", []),
        ("activite=999&tri=rien", ["03/10/2016", "04/10/2016"]),
    ):
        answer = await mairie.get(f"{PAGE}?{said}&export=csv")
        lines = [line.split(";") for line in answer.content.decode("utf-8-sig").split("\r\n")[1:-1]]
        assert [line[0] for line in lines] == days, said
    ranks = re.findall(r'data-label="Rang">([0-9]+)<', page)
    assert ranks == ["1"] and second.state == "waiting"
    assert "Rien ne correspond." in await mairie.get_page(f"{PAGE}?recherche=durand")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_activity_is_chosen_where_several_are_waited_for(portal) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie, nadia = await town.client("mairie"), await parent(town, "nadia.roux")
    for slot in ("Repas", "Accueil du matin"):
        await nadia.tick("Tom", slot, "2016-10-03")
    assert (await nadia.click()).status_code == 303
    await Opening.filter(day="2016-10-03").update(places=0)
    for request in await FamilyRequest.all().order_by("id"):
        assert 'name="activite"' not in await mairie.get_page(PAGE), "one has nothing to choose"
        await FamilyRequest.accept(request.id, 1, now())
    care = (await Slot.get(name="Accueil du matin")).activity_id
    page = await mairie.get_page(f"{PAGE}?activite={care}")
    assert f'<option value="{care}" selected>GARDERIE 2016-2017' in page
    assert "Accueil du matin, lundi" in page and "Repas, lundi" not in page
    page = await mairie.get_page(f"{PAGE}?activite=nulle")
    assert "Choisissez une réponse de la liste." in page and "Repas, lundi" in page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_questions_do_not_grow_with_the_list(portal, count_queries: Callable[[], int]) -> None:
    town: Portal = await portal("lezignan", now="2016-09-16T10:00:00")
    mairie, nadia, counted = await town.client("mairie"), await parent(town, "nadia.roux"), []
    for days in (["2016-10-03"], ["2016-10-04", "2016-10-06", "2016-10-07"]):
        await Opening.filter(day__in=days).update(places=0)
        await nadia.tick("Tom", "Repas", *days)
        await nadia.click()
        for request in await FamilyRequest.filter(state="pending"):
            await FamilyRequest.accept(request.id, 1, now())
        await mairie.get_page(PAGE)
        before = count_queries()
        await mairie.get_page(PAGE)
        counted.append(count_queries() - before)
    assert counted[0] == counted[1] and await Waiting.all().count() == 4
