"""A later limit, until which a booking costs more: said before, asked for again in the recap, kept on the booking."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.families.household import Household
from models.planning.facts import PlanningFacts
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words
from tests.web.grid import cell, tick

GAMES, SATURDAY = "Matinée jeux", "2025-09-27"
BEFORE, LATE, OVER = "2025-09-26T11:59", "2025-09-26T12:00", "2025-09-27T07:30"
REASON = "à l’unité · réservation tardive\u00a0: +50\u00a0%"


def cancelled_by_wednesday(content: dict[str, Any]) -> None:
    """So that on Friday noon nothing moves but the price."""
    games = next(one for one in content["activities"] if one["code"] == "espace-jeux")
    games["deadlines"]["cancel"] = [{"rule": "days_before", "days": 3, "at": "12:00"}]


@pytest.fixture
async def sophie(portal: Any, at: Any, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """Emma plays on Saturdays: 2,00 € until Friday noon, 3,00 € until two hours before."""
    town: Portal = await portal("demo", now="2025-09-22T10:00", change=cancelled_by_wednesday)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "sophie.moreau")


async def bubble(sophie: Parent) -> str:
    return words(await sophie.browser.get_page(f"/planning/case?case={await cell('Emma', GAMES, SATURDAY)}"))


async def test_a_cell_says_what_it_will_cost_later(sophie: Parent, at: Any) -> None:
    said = await bubble(sophie)
    assert "2,00 €, à l’unité." in said
    assert "À ce prix jusqu’à vendredi 26 sept. à 12:00, puis 3,00 € jusqu’à samedi 27 sept. à 07:30." in said
    at(BEFORE)
    assert "puis 3,00 €" in await bubble(sophie)
    at(LATE)
    said = await bubble(sophie)
    assert "3,00 €, à l’unité · réservation tardive : +50 %." in said and "À ce prix" not in said
    assert "Modifiable jusqu’à samedi 27 septembre à 07:30" in said
    assert "Une fois validée, elle ne pourra plus être annulée." in said
    at(OVER)
    assert "délai passé" in await bubble(sophie)


@ON_SQLITE
async def test_a_draft_of_before_is_shown_with_both_prices(sophie: Parent, at: Any) -> None:
    await sophie.tick("Emma", GAMES, SATURDAY)
    at(LATE)
    page = words(await sophie.recap())
    assert "2,00 €" in page and "3,00 €" in page and "réservation tardive : +50 %" in page
    await sophie.click()
    booking = await Booking.get()
    assert (booking.state, booking.cents, booking.late, booking.reason) == ("confirmed", 300, True, REASON)
    await sophie.town.verify()


async def test_a_booking_in_time_stays_at_its_price(sophie: Parent, at: Any) -> None:
    at(BEFORE)
    await sophie.tick("Emma", GAMES, SATURDAY)
    await sophie.click()
    booking = await Booking.get()
    assert (booking.cents, booking.late) == (200, False)
    at(LATE)
    assert "2,00 €, à l’unité." in await bubble(sophie)
    household = await Household.read(sophie.family)
    emma = next(child for child in household.children if child.first_name == "Emma")
    slot, day = (await Slot.get(name=GAMES)).id, date.fromisoformat(SATURDAY)
    facts = await PlanningFacts.read(
        await current_catalogue(), household, clock.now(), [emma.id], [slot], day, day
    )
    assert facts.of_cell(emma, slot, day).price.how == "booked"
    await sophie.town.verify()


@ON_SQLITE
async def test_at_the_later_limit_it_is_over(sophie: Parent, at: Any) -> None:
    at(OVER)
    answer = words(await tick(sophie.browser, "Emma", GAMES, SATURDAY))
    assert "Trop tard" in answer
    assert not await Booking.exists()
