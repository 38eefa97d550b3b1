"""« Ne plus inscrire »: what can be given back is said, then done; what cannot holds it off."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest

from models.activities.activity import Activity
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.families.enrolment import Enrolment
from models.money import ledger
from models.rules.booking import BookingState
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.web.checkout import Parent, hear_the_bank, parent, words
from tests.web.enrolling import pair

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], datetime]
HOME = "/inscriptions"
MEAL, FIRST, SECOND = "Repas de midi", "2025-10-06", "2025-10-07"
LATE = "2025-09-25T09:00"  # the meal of the 26th can be cancelled no more, the others can


def online(content: dict[str, Any]) -> None:
    next(one for one in content["activities"] if one["code"] == "cantine")["enrolment"] = "online"


async def of_lina(code: str) -> Enrolment:
    return await Enrolment.get(child__first_name="Lina", activity__code=code)


def end_of(row: Enrolment) -> str:
    return f"/inscriptions/{row.id}/fin"


async def confirmed(browser: Client, place: str, day: str) -> dict[str, str]:
    """What the button of the page sends."""
    page = await browser.get_page(f"{place}?jour={day}")
    return {name: hidden(page, name) for name in ("click", "vu")} | {"jour": day}


async def paid_days(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, "2025-09-26", FIRST, SECOND)
    await camille.pay()


@ON_SQLITE
async def test_an_enrolment_ends_and_goes_on(
    portal: OpenPortal, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00", change=online)
    hear_the_bank(town, monkeypatch)
    camille = await parent(town, "camille.durand")
    browser, mine = camille.browser, await of_lina("cantine")
    place, closes = end_of(mine), mine.end
    await paid_days(camille)
    at(LATE)
    held = await browser.get_page(f"/inscriptions/{mine.id}/fin?jour=2025-09-26")
    said = "1 réservation ne peut plus être annulée : l’inscription peut prendre fin à partir du 27/09/2025."
    assert said in words(held) and 'name="vu"' not in held
    refused = await browser.post_form(place, {"jour": "2025-09-26"})
    assert refused.status_code == 409 and "ne peut plus être annulé : rien" in words(refused.text)
    paid = await Booking.get(day=SECOND)
    page = words(await browser.get_page(f"{place}?jour={SECOND}"))
    price = f"{paid.cents / 100:.2f} €".replace(".", ",")
    assert f"1 réservation est annulée à la confirmation : {price} deviennent un avoir." in page
    assert f"07/10/2025, {MEAL} {price}" in page and "Dernier jour : 06/10/2025" in page
    old = await confirmed(browser, place, SECOND)
    await camille.tick("Lina", MEAL, "2025-10-09")
    await camille.pay()
    stale = await browser.post_form(place, old)
    assert stale.status_code == 409 and "2 réservations sont annulées" in words(stale.text)
    assert (await of_lina("cantine")).end == closes and (await Booking.get(id=paid.id)).state == "confirmed"
    new = await confirmed(browser, place, SECOND)
    for _ in range(2):  # sent twice
        assert (await browser.post_form(place, new)).status_code == 303
    states = dict(await Booking.filter(slot__name=MEAL, child_id=mine.child_id).values_list("day", "state"))
    assert [states[date.fromisoformat(day)] for day in (FIRST, SECOND, "2025-10-09")] == [
        BookingState.CONFIRMED, BookingState.CANCELLED, BookingState.CANCELLED,
    ]  # fmt: skip
    till = (await Activity.get(code="cantine")).till_id
    assert await ledger.standing(mine.family_id, till) == -2 * paid.cents
    row = await of_lina("cantine")
    assert row.end == date(2025, 10, 6) and row.left_at is not None
    [event] = await Event.filter(action="enrolment.ended")
    assert event.actor.startswith("guardian:") and event.details["after"] == {"end": FIRST}
    await town.verify()
    assert "Inscrire à nouveau" in words(await browser.get_page(HOME))
    for _ in range(2):
        assert (await browser.post_form(HOME, await pair("Lina", "cantine"))).status_code == 303
    row = await of_lina("cantine")
    assert row.end == closes and row.left_at is None
    assert await Event.filter(action="enrolment.made").count() == 1
    await camille.tick("Lina", MEAL, SECOND)  # which it may again
    await town.verify()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_elsewhere_the_mairie_is_asked(portal: OpenPortal, at: At) -> None:
    town = await portal("demo", now="2025-09-22T10:00:00", change=online)
    at("2025-09-22T10:00")
    camille, mairie = await parent(town, "camille.durand"), await town.client("mairie")
    browser, mine = camille.browser, await of_lina("ateliers")
    place, closes = end_of(mine), mine.end
    await camille.tick("Lina", "Atelier", SECOND)
    await camille.click()
    said = "1 réservation à annuler d’abord sur le planning, ou choisissez une date à partir du 08/10/2025."
    assert said in words(await browser.get_page(f"{place}?jour=2025-10-01"))
    form = await confirmed(browser, place, "2025-10-08")
    for _ in range(2):
        assert (await browser.post_form(place, form)).status_code == 303
    assert (await browser.post_form(place, form | {"click": "other"})).status_code == 409
    assert (await of_lina("ateliers")).end == closes
    assert "fin demandée, la mairie répond" in words(await browser.get_page(HOME))
    title = "Fin d’inscription : Ateliers du soir, dernier jour le 07/10/2025"
    assert title in words(await browser.get_page("/demarches?objet=inscription"))
    asked = await FamilyRequest.get(kind="enrolment_end")
    listed = words(await mairie.get_page("/mairie/demandes?objet=fin-inscription"))
    assert "Ateliers du soir, dernier jour le 07/10/2025" in listed and f"{closes:%d/%m/%Y}" in listed
    assert (await mairie.post_form(f"/mairie/demandes/{asked.id}/acceptation")).status_code == 303
    row = await of_lina("ateliers")
    assert row.end == date(2025, 10, 7) and row.left_at is None
    await town.run_jobs(within=60)
    told = await Email.filter(recipient="camille@durand.example").order_by("-id").first()
    assert told and "L’inscription prend fin à cette date." in told.text
    await town.verify()
    mercredis = await of_lina("mercredis")  # which the mairie alone enrols in
    assert (await browser.get(end_of(mercredis))).status_code == 404
