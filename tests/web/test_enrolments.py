"""« Mes inscriptions »: the opening hour, the last place, the line and the way out of it; what is asked; adults."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from jobs.registry import JOBS
from models import clock
from models.activities.activity import Activity
from models.families.enrolment import Enrolment
from models.families.enrolment_wait import EnrolmentWait
from models.families.guardian import Guardian
from models.family_file import seats
from models.family_file.parents import enrolling
from models.family_file.parents.enrolling import Full
from models.rules.families.enrolling import WaitState
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import words
from tests.web.enrolling import BEFORE, EVERYBODY, RESIDENTS, by_parents, family_of, pair

HOME = "/inscriptions"
WAIT = "/inscriptions/attente"
LEAVE = "/inscriptions/attente/fin"
ASK = "/inscriptions/demande"
DECLINE = "/inscriptions/refus"
RECONSIDER = "/inscriptions/reprise"
OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], datetime]
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def enrolled(code: str) -> set[str]:
    rows = await Enrolment.filter(activity__code=code, end__gte=clock.now().date()).select_related("child")
    return {row.child.first_name for row in rows}


@ON_SQLITE
async def test_from_the_opening_hour_to_a_freed_place(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(BEFORE)
    sophie, karim, linh = [
        await town.client(name) for name in ("sophie.moreau", "karim.petit", "linh.nguyen")
    ]
    told = "Ouvert aux habitants dès le lundi 1er septembre à 08:00, à tous le lundi 8 septembre à 08:00."
    assert told in words(await sophie.get_page(HOME))
    assert (await sophie.post_form(HOME, await pair("Emma", "vacances"))).status_code == 409
    at(RESIDENTS)
    for _ in range(2):  # sent twice
        assert (await sophie.post_form(HOME, await pair("Emma", "vacances"))).status_code == 303
    assert await enrolled("vacances") == {"Lina", "Jules", "Emma"}
    assert await Event.filter(action="enrolment.made").count() == 1
    refused = await karim.post_form(HOME, await pair("Adam", "vacances"))
    assert refused.status_code == 409
    assert "ouvrent pour votre famille le lundi 8 septembre à 08:00" in words(refused.text)
    at(EVERYBODY)
    assert "complet, liste d’attente" in words(await karim.get_page(HOME))
    full = await karim.post_form(HOME, await pair("Adam", "vacances"))
    assert full.status_code == 409 and "La dernière place vient d’être prise" in words(full.text)
    for browser, child in ((karim, "Adam"), (karim, "Adam"), (linh, "Mai")):
        assert (await browser.post_form(WAIT, await pair(child, "vacances"))).status_code == 303
    assert await EnrolmentWait.all().count() == 2
    assert "liste d’attente, rang 1" in words(await karim.get_page(HOME))
    assert "liste d’attente, rang 2" in words(await linh.get_page(HOME))
    lina = await Enrolment.get(child__first_name="Lina", activity__code="vacances")
    file = f"/mairie/familles/{await family_of('linh.nguyen')}/enfants"
    mairie, end = await town.client("mairie"), f"/mairie/familles/{lina.family_id}/inscriptions/{lina.id}/fin"
    assert "Centre de loisirs des vacances, rang 2" in words(await mairie.get_page(file))
    assert (await mairie.post_form(end, {"dernier": "2025-09-12"})).status_code == 303
    adam = await Enrolment.get(child__first_name="Adam", activity__code="vacances")
    assert adam.start.isoformat() == "2025-09-13"  # the day after Lina's last
    assert "rang 1" in words(await linh.get_page(HOME))
    await town.run_jobs(within=60)
    assert await Email.exists(recipient="karim@petit.example", subject__contains="Place libérée")
    assert (await linh.post_form(LEAVE, await pair("Mai", "vacances"))).status_code == 303
    assert (await EnrolmentWait.get(child__first_name="Mai")).state == WaitState.LEFT
    julie = await town.client("julie.leroy")
    assert (await julie.post_form(WAIT, await pair("Zoé", "vacances"))).status_code == 303
    assert "Zoé" not in await enrolled("vacances")
    await Activity.filter(code="vacances").update(enrolment_places=3)  # the mairie adds a place
    assert (await linh.post_form(HOME, await pair("Mai", "vacances"))).status_code == 409  # it is Zoé's
    await JOBS["seat_waiting"]({})
    assert "Zoé" in await enrolled("vacances")
    await town.verify()


async def race(*who: tuple[str, str]) -> list[Any]:
    """Each enrols a child in the holidays at the same time: what each is told."""
    guardians = [await Guardian.get(username=name) for name, _ in who]
    ids = [(await pair(child, "vacances"))["inscription"].split("-") for _, child in who]
    return await asyncio.gather(
        *(
            enrolling.enrol(guardian, int(child), int(activity), clock.now())
            for guardian, (child, activity) in zip(guardians, ids, strict=True)
        ),
        return_exceptions=True,
    )


RIVALS = (("sophie.moreau", "Emma"), ("linh.nguyen", "Mai"))


async def test_the_last_place_is_one_family_s(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(RESIDENTS)
    told = await race(*RIVALS)
    assert sum(one is None for one in told) == 1 and sum(isinstance(one, Full) for one in told) == 1
    assert len(await enrolled("vacances")) == 3
    await town.verify()


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_without_the_lock_both_would_have_it(
    portal: OpenPortal, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above would see: both have counted before either has written."""
    await portal("demo", now=BEFORE, change=by_parents)
    at(RESIDENTS)
    counted, free_from = asyncio.Barrier(2), seats._free_from

    async def no_lock(group: int) -> None:
        pass

    async def together(*args: Any) -> Any:
        found = await free_from(*args)
        await counted.wait()
        return found

    monkeypatch.setattr(seats, "_lock", no_lock)
    monkeypatch.setattr(seats, "_free_from", together)
    assert await race(*RIVALS) == [None, None]
    assert len(await enrolled("vacances")) == 4


@SQLITE
async def test_what_is_asked_of_the_mairie(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(EVERYBODY)
    sophie, mairie = await town.client("sophie.moreau"), await town.client("mairie")
    form = await pair("Emma", "ateliers")
    for _ in range(2):
        assert (await sophie.post_form(ASK, form | {"click": "one"})).status_code == 303
    assert (await sophie.post_form(ASK, form | {"click": "two"})).status_code == 409
    assert "demande envoyée" in words(await sophie.get_page(HOME))
    assert "Inscription : Ateliers du soir" in words(await sophie.get_page("/demarches?objet=inscription"))
    page = words(await mairie.get_page("/mairie/demandes?objet=inscription"))
    assert "Emma Moreau" in page and "Ateliers du soir" in page
    request = (await enrolling.asked(await family_of("sophie.moreau")))[0]
    assert (await mairie.post_form(f"/mairie/demandes/{request.id}/acceptation")).status_code == 303
    assert "Emma" in await enrolled("ateliers")
    await town.run_jobs(within=60)
    told = await Email.filter(recipient="sophie@moreau.example").order_by("-id").first()
    assert told and "L’inscription est faite." in told.text
    await town.verify()


@SQLITE
async def test_not_this_year_and_back(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(EVERYBODY)
    linh = await town.client("linh.nguyen")
    open_ = words(await linh.get_page(HOME))
    assert "Ateliers du soir" in open_ and "Changer d’avis" not in open_
    for _ in range(2):
        assert (await linh.post_form(DECLINE, await pair("Mai", "ateliers"))).status_code == 303
    assert "Changer d’avis" in words(await linh.get_page(HOME))
    assert (await linh.post_form(RECONSIDER, await pair("Mai", "ateliers"))).status_code == 303
    assert "Changer d’avis" not in words(await linh.get_page(HOME))


@SQLITE
async def test_adults_have_their_own(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    at(EVERYBODY)
    odette, sophie, karim = [
        await town.client(name) for name in ("odette.garnier", "sophie.moreau", "karim.petit")
    ]
    page = words(await odette.get_page(HOME))
    assert "Repas des aînés" in page and "7,50 €" in page and "Centre de loisirs" not in page
    assert "aînés" not in words(await karim.get_page(HOME))
    assert "Vous vous inscrivez vous-même" in words(await odette.get_page("/reglement"))
    assert (await sophie.post_form(HOME, await pair("Emma", "aines"))).status_code == 404
    assert (await sophie.post_form(HOME, await pair("Odette", "aines"))).status_code == 404
    assert (await sophie.post_form(HOME, await pair("Sophie", "aines"))).status_code == 303
    row = await Enrolment.get(child__first_name="Sophie")
    assert row.category == "adult"  # the family's own is another
    both = words(await sophie.get_page(f"{HOME}?qui=adultes"))
    assert "Périscolaire Adultes" in both and "Sophie Moreau adulte" in both and "Emma" not in both
    planning = words(await sophie.get_page(f"/planning?id={row.child_id}&debut=2025-10-06"))
    assert (
        "Périscolaire Adultes" in planning and "Mon enfant" not in planning and "Repas des aînés" in planning
    )
    assert "Adultes" not in words(await karim.get_page("/planning"))
    await town.verify()


@SQLITE
async def test_a_membership_is_paid_once_it_is_open(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now=BEFORE, change=by_parents)
    karim, paid = await town.client("karim.petit"), "/inscriptions/paiement-immediat"
    for moment, offered, status in ((RESIDENTS, 0, 422), (EVERYBODY, 1, 303)):
        at(moment)
        assert (await karim.get_page(paid)).count('type="checkbox"') == offered
        answer = await karim.post_form(paid, await pair("Adam", "espace-jeux"))
        assert answer.status_code == status
    assert "Ouvert aux habitants dès" not in words(await karim.get_page(HOME))
