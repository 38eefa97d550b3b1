"""A draft whose limit passed before it was validated: it counts nowhere from then on, and is said once, as gone."""

from datetime import datetime
from typing import Any

import pytest

from jobs.registry import sweep
from models.activities.activity import Activity
from models.activities.deadline import Deadline
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import RECAP, Parent, hear_the_bank, parent, words
from tests.web.grid import element, plain, tick

MEAL = "Rest Sco Pré Paiement 2018-2019"
SEPTEMBER = "/planning?vue=mois&debut=2018-09-01"
GONE = "1 réservation a été retirée : la limite est passée."
WHICH = f"Chloé – {MEAL}, lundi 3 septembre 2018 : la limite était lundi 27 août à 15:29"
PAGES = {"home": "/accueil", "planning": SEPTEMBER, "recap": RECAP}


def a_week_before(content: dict[str, Any]) -> None:
    rule = {"rule": "days_before", "days": 7, "at": "15:29"}
    content["activities"][1]["deadlines"] = {"book": [rule]}


@pytest.fixture
async def claire(portal: Any, at: Any, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town: Portal = await portal("lens", now="2018-08-27T15:28", change=a_week_before)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "famille15")


@ON_SQLITE
@pytest.mark.parametrize("first", PAGES)
async def test_it_is_said_once_on_the_first_page_that_is_seen(claire: Parent, at: Any, first: str) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    text = words(await claire.browser.get_page(PAGES[first]))
    assert GONE in text and WHICH in text
    for path in PAGES.values():
        assert "retirée" not in words(await claire.browser.get_page(path))


@ON_SQLITE
async def test_it_counts_nowhere_from_that_minute_on(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-04")
    at("2018-08-27T15:30")
    home = words(await claire.browser.get_page("/accueil"))
    assert "1 modification non terminée" in home and "1 réservation · 0 annulation · 3,40 €" in home
    page = await claire.browser.get_page(f"{SEPTEMBER}&modifier=1")
    assert "Récapitulatif (1)" in page and "3,40\u00a0€" in element(page, "panier")
    assert "3,40\u00a0€" in element(page, "cost")
    answer = await tick(claire.browser, "Chloé", MEAL, "2018-09-06")
    assert "2 réservations" in plain(element(answer, "panier")) and "6,80\u00a0€" in element(answer, "panier")
    assert "Payer 6,80 €" in words(await claire.recap())
    assert "Effacer vos 2 modifications ?" in words(await claire.browser.get_page("/planning/vider"))


@ON_SQLITE
async def test_a_recap_of_which_nothing_is_left_says_so_and_is_empty(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    page = words(await claire.recap())
    assert GONE in page and "Vous n’avez aucune modification." in page and "Tout supprimer" not in page
    home = words(await claire.browser.get_page("/accueil"))
    assert "non terminée" not in home


@ON_SQLITE
async def test_looking_writes_nothing_and_the_next_click_clears_up(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-04")
    at("2018-08-27T15:30")
    for path in PAGES.values():
        await claire.browser.get_page(path)
    assert await CartLine.all().count() == 2
    await claire.pay()
    assert not await CartLine.exists()
    assert [booking.day.day for booking in await Booking.all()] == [4]
    await claire.town.verify()


async def test_each_device_is_told_and_another_family_on_this_one_too(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    assert GONE in words(await claire.recap())
    other = await claire.town.client("famille15")
    assert GONE in words(await other.get_page(RECAP))
    marc = await parent(claire.town, "delattre17")
    at("2018-08-27T15:28")
    await marc.tick("Inès", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    for name, value in claire.browser.cookies.items():
        if name != "pf":
            marc.browser.carry(name, value)
    assert GONE in words(await marc.recap())


@pytest.mark.parametrize(
    "mark", ["", "x", "{family}", "{family}.", ".1", "{family}.x", "{family}.99999999999"]
)
async def test_a_mark_that_is_none_hides_nothing(claire: Parent, at: Any, mark: str) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    claire.browser.carry("pf-limites", mark.format(family=claire.family))
    assert GONE in words(await claire.browser.get_page("/accueil"))


@ON_SQLITE
async def test_a_page_that_is_fetched_ahead_is_not_yet_said(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    await claire.browser.get_page("/accueil", headers={"sec-purpose": "prefetch;prerender"})
    assert GONE in words(await claire.browser.get_page("/accueil"))


@ON_SQLITE
async def test_a_cancellation_that_comes_too_late_leaves_its_booking(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    await claire.pay()
    await claire.tick("Chloé", MEAL, "2018-09-03", ticked=False)
    at("2018-08-27T15:30")
    page = await claire.browser.get_page(SEPTEMBER)
    assert "1 annulation a été retirée : la limite est passée." in words(page)
    assert "Récapitulatif (0)" in page and "3,40\u00a0€" in element(page, "cost")
    assert "aucune modification" in words(await claire.recap())
    await claire.town.verify()


@ON_SQLITE
async def test_a_late_cancellation_that_the_activity_allows_stays(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    await claire.pay()
    await Activity.all().update(late_cancel="allowed")
    await claire.tick("Chloé", MEAL, "2018-09-03", ticked=False)
    at("2018-08-27T15:30")
    text = words(await claire.recap())
    assert "retirée" not in text and "Annulation hors délai : ce jour reste facturé." in text


@ON_SQLITE
async def test_a_limit_that_the_mairie_moves_brings_the_draft_back(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03")
    at("2018-08-27T15:30")
    await Deadline.all().update(rule={"rule": "days_before", "days": 1, "at": "10:00"})
    assert "Payer 3,40 €" in words(await claire.recap())


async def test_a_late_draft_is_not_in_the_way_of_another_wish(claire: Parent, at: Any) -> None:
    """A reservation that came too late as a draft; the day is booked all the same, and may still be cancelled."""
    await claire.tick("Chloé", MEAL, "2018-09-03")
    await claire.pay()
    booking = await Booking.get()
    await CartLine.create(
        family_id=claire.family,
        child_id=booking.child_id,
        slot_id=booking.slot_id,
        day=booking.day,
        action="add",
        cents=340,
        made_at=booking.made_at,
    )
    rule = {"rule": "days_before", "days": 1, "at": "10:00"}
    await Deadline.filter(action="cancel").update(rule=rule)
    at("2018-08-27T15:30")
    await claire.tick("Chloé", MEAL, "2018-09-03", ticked=False)
    assert [line.action for line in await CartLine.all()] == ["cancel"]


async def test_it_leaves_the_database_a_month_after_its_day(claire: Parent, at: Any) -> None:
    await claire.tick("Chloé", MEAL, "2018-09-03", "2018-09-06")
    for day, left in (("2018-10-03", 2), ("2018-10-04", 1), ("2018-10-07", 0)):
        at(datetime.fromisoformat(f"{day}T10:00"))
        await sweep({"settings": claire.town.settings})
        assert await CartLine.all().count() == left
