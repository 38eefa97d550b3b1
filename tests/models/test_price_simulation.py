"""A year priced by other tariffs: each day as the planning prices it, in one statement, whoever books."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from models import clock
from models.activities.catalogue import Catalogue, current_catalogue
from models.activities.facts import ActivityFacts
from models.activities.opening import Opening
from models.bookings import price_simulation
from models.bookings.booking import Booking
from models.bookings.price_simulation import booked_of, simulate
from models.families.enrolment import Enrolment
from models.families.household import Household
from models.rules.pricing import Band, Tariff
from tests.engines import ON_SQLITE
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
DAYS = (date(2025, 12, 1), date(2026, 2, 1))  # a quotient changes on 1 January


async def book_everything(first: date, last: date) -> int:
    """Every child in all that it is enrolled in; who lives in two homes is booked by the first."""
    rows: dict[tuple[int, int, date], Booking] = {}
    now = clock.now()
    for one in await Enrolment.all().order_by("id"):
        for opening in await Opening.filter(
            group_id=one.group_id, slot__activity_id=one.activity_id, day__gte=first, day__lte=last
        ):
            rows.setdefault(
                (one.child_id, opening.slot_id, opening.day),
                Booking(
                    child_id=one.child_id, family_id=one.family_id, enrolment_id=one.id, slot_id=opening.slot_id,
                    opening_id=opening.id, day=opening.day, state="confirmed", cents=1, made_at=now, changed_at=now,
                ),
            )  # fmt: skip
    await Booking.bulk_create(rows.values())
    return len(rows)


@pytest.fixture
async def catalogue(portal: OpenPortal) -> Catalogue:
    await portal("demo", now="2025-09-22T10:00")
    await book_everything(*DAYS)
    return await current_catalogue()


def named(catalogue: Catalogue, code: str) -> ActivityFacts:
    return next(one for one in catalogue.activities.values() if one.code == code)


async def by_the_planning(catalogue: Catalogue, activity: ActivityFacts) -> Counter[int]:
    """Each family's sum, as a household's planning prices its days."""
    found: Counter[int] = Counter()
    for booking in await Booking.filter(slot__activity_id=activity.id).prefetch_related("enrolment"):
        household = await Household.read(booking.family_id)
        rank = household.rank(booking.child_id, activity.id, booking.day)
        category = booking.enrolment.category or household.category
        quotient = household.quotient(booking.day)
        found[booking.family_id] += catalogue.price(
            booking.slot_id, category, booking.day, quotient, rank
        ).cents
    return found


@pytest.mark.parametrize("code", ["cantine", "periscolaire", "mercredis", "ateliers"])
async def test_today_is_what_the_planning_says(catalogue: Catalogue, code: str) -> None:
    activity = named(catalogue, code)
    found = simulate(
        activity, await booked_of(activity, activity.tariffs), activity.tariffs, activity.tariffs
    )
    wanted = await by_the_planning(catalogue, activity)
    assert found.before == found.now == sum(wanted.values()) > 0
    assert found.days == await Booking.filter(slot__activity_id=activity.id).count()
    assert (found.less, found.more, found.same) == (0, 0, len(wanted))
    assert (found.highest_rise, found.moved, found.unpriced) == (0, [], 0)


async def test_other_brackets_move_the_families_in_them(catalogue: Catalogue) -> None:
    """From 901 on the meal costs 0,30 € more; Hugo, Emma and Jules pay 0,30, then 0,24 each."""
    activity = named(catalogue, "cantine")
    general = activity.tariffs[0]
    dearer = replace(general, bands=(*general.bands[:2], Band(1400, 440), Band(None, 560)))
    tariffs = (dearer, *activity.tariffs[1:])
    booked = await booked_of(activity, (*activity.tariffs, *tariffs))
    found = simulate(activity, booked, activity.tariffs, tariffs)
    [moved] = [row for row in found.rows if row.difference]
    assert (moved.tariff, moved.band, len(moved.families)) == (0, 2, 1)
    days = moved.days // 3
    assert moved.difference == found.now - found.before == days * (30 + 24 + 24)
    assert (found.more, found.less, found.highest_rise) == (1, 0, 30)
    assert any(row.unknown for row in found.rows)


async def test_dates_of_a_tariff_cut_the_year(catalogue: Catalogue) -> None:
    activity = named(catalogue, "ateliers")
    half = Tariff(99, "flat", amount=100, start=date(2026, 1, 1))
    tariffs = (*activity.tariffs, half)
    found = simulate(
        activity, await booked_of(activity, (*activity.tariffs, *tariffs)), activity.tariffs, tariffs
    )
    since = await Booking.filter(slot__activity_id=activity.id, day__gte=half.start).count()
    assert 0 < since < found.days
    assert found.before - found.now == 200 * since


async def test_what_is_not_due_does_not_count(catalogue: Catalogue) -> None:
    activity = named(catalogue, "ateliers")
    due, freed, refused = await Booking.filter(slot__activity_id=activity.id).order_by("id").limit(3)
    await Booking.filter(id=due.id).update(state="cancelled")  # too late: it stays billed
    await Booking.filter(id=freed.id).update(state="cancelled", billed=False)
    await Booking.filter(id=refused.id).update(state="refused")
    found = simulate(
        activity, await booked_of(activity, activity.tariffs), activity.tariffs, activity.tariffs
    )
    assert found.days == await Booking.filter(slot__activity_id=activity.id).count() - 2


async def test_a_late_booking_is_priced_late_by_both(catalogue: Catalogue) -> None:
    activity = named(catalogue, "espace-jeux")
    [one, *others] = await Booking.filter(slot__activity_id=activity.id)
    await Booking.filter(id=one.id).update(late=True)
    found = simulate(
        activity, await booked_of(activity, activity.tariffs), activity.tariffs, activity.tariffs
    )
    assert found.before == 300 + 200 * len(others)


async def test_days_without_a_price_are_counted_apart(catalogue: Catalogue) -> None:
    activity = named(catalogue, "cantine")
    only = tuple(tariff for tariff in activity.tariffs if tariff.category == "outside")
    booked = await booked_of(activity, (*activity.tariffs, *only))
    found = simulate(activity, booked, activity.tariffs, only)
    assert found.days + found.unpriced == await Booking.filter(slot__activity_id=activity.id).count()
    assert found.unpriced > found.days > 0


@ON_SQLITE
async def test_it_is_one_statement_and_few_rows(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def counted(*question: object) -> list[dict[str, object]]:
        asked.append(question)
        return await rows(*question)  # type: ignore[arg-type]

    rows = price_simulation.rows
    monkeypatch.setattr(price_simulation, "rows", counted)
    activity = named(catalogue, "cantine")
    booked = await booked_of(activity, activity.tariffs)
    assert len(asked) == 1
    assert len(booked) < sum(one.number for one in booked) / 4
