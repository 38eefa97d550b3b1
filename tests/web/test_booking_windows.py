"""What is booked only between two instants, and what is booked for good: said before, held by all that asks."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest

from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.families.child import Child
from tests.portal import Portal
from tests.web.checkout import Parent, parent, words
from tests.web.grid import cell, element, operable, tick

Open = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
GAMES, INSIDE, OUTSIDE = "Matinée jeux", "2025-09-27", "2025-11-08"
WINDOW = {
    "from": date(2025, 9, 27),
    "to": date(2025, 10, 11),
    "opens": datetime(2025, 9, 23, 8),  # noqa: DTZ001 (as the file says it)
    "closes": datetime(2025, 9, 25, 23, 59),  # noqa: DTZ001
}
NOVEMBER = {
    "from": date(2025, 11, 15),
    "to": date(2025, 11, 15),
    "opens": datetime(2025, 11, 1, 8),  # noqa: DTZ001
    "closes": datetime(2025, 11, 12, 12),  # noqa: DTZ001
}
OPENS = "mardi 23 sept. à 08:00"


def saturdays(**values: Any) -> Callable[[dict[str, Any]], None]:
    """Into the activity of Saturdays, at which Emma may play until the evening before."""

    def change(data: dict[str, Any]) -> None:
        games = next(one for one in data["activities"] if one["code"] == "espace-jeux")
        games.update({"windows": [WINDOW, NOVEMBER]} | values)

    return change


async def emma_of(portal: Open, **values: Any) -> Parent:
    town = await portal("demo", now="2025-09-22T10:00", change=saturdays(**values))
    return await parent(town, "sophie.moreau")


async def bubble(sophie: Parent, day: str) -> str:
    return words(await sophie.browser.get_page(f"/planning/case?case={await cell('Emma', GAMES, day)}"))


async def month(sophie: Parent, first: str = "2025-09-01") -> str:
    emma = await Child.get(first_name="Emma")
    return await sophie.browser.get_page(f"/planning?id={emma.id}&vue=mois&debut={first}&modifier=1")


async def test_the_days_of_a_window_are_booked_between_its_instants(portal: Open, at: Any) -> None:
    sophie = await emma_of(portal)
    assert f"Réservations à partir du {OPENS.replace('sept.', 'septembre')}." in await bubble(sophie, INSIDE)
    key = await cell("Emma", GAMES, INSIDE)
    drawn = await month(sophie)
    assert key not in operable(drawn) and OPENS in words(element(drawn, f"cell-{key}"))
    assert f"Réservations à partir du {OPENS}" in words(drawn), "of each Saturday that month has left"
    november = words(await month(sophie, "2025-11-01"))
    assert "Certains jours se réservent à partir du samedi 1er nov. à 08:00" in november
    assert "elles ouvrent mardi 23 septembre à 08:00" in words(
        await tick(sophie.browser, "Emma", GAMES, INSIDE)
    )
    assert not await CartLine.exists()
    at("2025-09-23T07:59")
    assert key not in operable(await month(sophie)), "kept, and still closed"
    at("2025-09-23T08:00")
    assert key in operable(await month(sophie)), "a kept cell changes as its window opens"
    assert "jusqu’à jeudi 25 septembre à 23:59" in await bubble(sophie, INSIDE)
    await sophie.tick("Emma", GAMES, INSIDE, OUTSIDE)
    at("2025-09-25T23:59:59")
    await sophie.tick("Emma", GAMES, "2025-10-04")
    assert (await sophie.click()).status_code in (200, 303)
    booked = await Booking.filter(state="confirmed").order_by("day")
    assert [str(one.day) for one in booked] == [INSIDE, "2025-10-04", OUTSIDE]

    at("2025-09-26T00:00")
    late = words(await tick(sophie.browser, "Emma", GAMES, "2025-10-11"))
    assert "Trop tard pour samedi 11 octobre : la limite était jeudi 25 septembre à 23:59." in late
    await sophie.tick("Emma", GAMES, "2025-11-22")  # outside of it the usual limit alone counts
    await sophie.tick("Emma", GAMES, "2025-10-04", ticked=False)  # and to cancel, everywhere
    await sophie.click()
    assert await Booking.exists(day=date(2025, 10, 4), state="cancelled")
    assert not await Booking.exists(day=date(2025, 10, 11))
    await sophie.town.verify()


async def test_the_later_beginning_and_the_earlier_end_count(portal: Open, at: Any) -> None:
    """The activity opens a day after its window, and a day of it closes before the window does."""
    closing = [{"rule": "days_before", "days": 4, "at": "12:00"}]
    sophie = await emma_of(
        portal,
        visible_from=datetime(2025, 9, 24, 8),  # noqa: DTZ001
        deadlines={"book": closing, "late": [{"rule": "days_before", "days": 3, "at": "12:00"}]},
    )
    assert "mercredi 24 septembre à 08:00" in await bubble(sophie, INSIDE), "neither has begun"
    at("2025-09-23T09:00")
    assert "mercredi 24 septembre à 08:00" in await bubble(sophie, INSIDE)
    at("2025-09-24T09:00")
    assert "mercredi 24 septembre à 12:00" in await bubble(sophie, INSIDE)
    assert "jeudi 25 septembre à 23:59" in await bubble(sophie, "2025-10-04")
    at("2025-09-24T12:00")
    assert "Trop tard" in words(await tick(sophie.browser, "Emma", GAMES, INSIDE))


async def test_what_is_booked_for_good_says_so_before_and_stays(portal: Open, at: Any) -> None:
    rules = {"book": [{"rule": "days_before", "days": 1, "at": "12:00"}], "cancel": "never"}
    sophie = await emma_of(
        portal,
        windows=[],
        deadlines=rules,
        tariffs=[{"method": "flat", "amount": 200}],
    )
    never = "Ce qui est réservé ne s’annule pas."
    assert never in await bubble(sophie, INSIDE)
    await sophie.tick("Emma", GAMES, INSIDE, OUTSIDE)
    await sophie.tick("Emma", GAMES, OUTSIDE, ticked=False)  # a wish is no booking
    assert never in words(await sophie.recap())
    await sophie.click()
    assert [str(one.day) for one in await Booking.filter(state="confirmed")] == [INSIDE]
    said = await bubble(sophie, INSIDE)
    assert never in said and "1970" not in said and "Prévenir d’une absence" in said
    key = await cell("Emma", GAMES, INSIDE)
    page = await month(sophie)
    assert key not in operable(page) and never in words(element(page, f"cell-{key}")) and "1970" not in page
    answer = words(await tick(sophie.browser, "Emma", GAMES, INSIDE, on=False))
    assert "ce qui est réservé ne s’annule pas" in answer and not await CartLine.exists()
    assert "1970" not in words(await sophie.browser.get_page("/accueil"))
    assert never in words(await sophie.browser.get_page("/reglement"))
    page = await sophie.browser.get_page(f"/absences/nouvelle?jour={INSIDE}")
    assert "Hors délai : ce jour reste facturé" not in words(page)
    assert f"{never} Ce jour reste facturé" in words(page)
    assert (await Booking.get(day=date(2025, 9, 27))).state == "confirmed"
    await sophie.town.verify()
