"""Who is too late with what a till is owed books no more days there: asked at the tick, the recap and its click."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import recap
from models.checkout.commit import commit
from models.commune.till import Till
from models.families.family import Family
from models.families.household import Household
from models.money import ledger, suspension
from models.money.suspension import AlreadyExempt, OverAlready
from models.planning import ticks, type_week
from models.planning.ticks import Outcome, Tick
from models.planning.type_week import Wanted
from models.rules import postings
from models.rules.booking import BookingState
from models.rules.postings import FamilyAccount
from models.rules.states.payments import PaymentMethod
from models.storage.database import transaction
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.models.counter import NOW, Payer, payer
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
MONDAY = date(2025, 11, 17)


@pytest.fixture
async def linh(portal: OpenPortal) -> Payer:
    """18,80 € of June are open at the school's till."""
    await portal("demo", now=NOW)
    return await payer("linh.nguyen")


async def limit(till: Till, above: int | None, days: int = 0) -> None:
    await Till.filter(id=till.id).update(block_above=above, block_after_days=days)


async def tick(linh: Payer, day: date = MONDAY, *, ticked: bool = True) -> Outcome:
    catalogue = await current_catalogue()
    [mai] = (await Household.read(linh.family)).children
    slot = next(slot.id for slot in catalogue.slots.values() if slot.name == "Accueil du matin")
    return await ticks.apply_ticks(catalogue, linh.family, [Tick(mai.id, slot, day, ticked)], clock.now())


async def click(linh: Payer, nonce: str) -> None:
    catalogue = await current_catalogue()
    shown = await recap.read(catalogue, linh.family, clock.now())
    await commit(catalogue, linh.family, clock.now(), nonce, shown.seen)


async def confirmed(linh: Payer) -> int:
    return await Booking.filter(family_id=linh.family, state=BookingState.CONFIRMED, day=MONDAY).count()


@ON_SQLITE
async def test_more_than_the_limit_and_no_day_is_booked(linh: Payer) -> None:
    for above, days in ((None, 0), (linh.due, 0), (linh.due - 1, 200)):
        await limit(linh.till, above, days)
        assert not (await tick(linh)).refused, (above, days)
        await tick(linh, ticked=False)
    await limit(linh.till, linh.due - 1, 60)
    [cell] = (await tick(linh)).refused
    assert (cell.shown.state, cell.shown.why, cell.shown.operable) == ("free", "suspended", False)
    assert await CartLine.filter(family_id=linh.family).count() == 0
    catalogue, household = await current_catalogue(), await Household.read(linh.family)
    wanted = Wanted(household.children[0], {cell.slot: frozenset({(0, 0)})}, MONDAY, MONDAY + timedelta(13))
    preview = await type_week.preview(catalogue, household, wanted, clock.now())
    assert preview.picks == () and {why for _, why in preview.left} == {"suspended"}
    await linh.hand(PaymentMethod.CASH, linh.due)
    assert not (await tick(linh)).refused
    assert await verify() == []


@ON_SQLITE
async def test_what_was_drafted_before_is_not_booked(linh: Payer) -> None:
    await tick(linh)
    await limit(linh.till, 1)
    shown = await recap.read(await current_catalogue(), linh.family, clock.now())
    assert shown.lines == () and [line.why for line in shown.gone] == ["suspended"]
    await click(linh, "late")
    assert await confirmed(linh) == 0 == await CartLine.filter(family_id=linh.family).count()


@ON_SQLITE
async def test_what_is_booked_can_be_given_back(linh: Payer) -> None:
    await tick(linh)
    await click(linh, "before")
    assert await confirmed(linh) == 1
    await limit(linh.till, 1)
    assert not (await tick(linh, ticked=False)).refused
    await click(linh, "after")
    assert await confirmed(linh) == 0
    assert await verify() == []


@ON_SQLITE
async def test_an_exemption_lets_the_family_book_on_until_its_day(
    linh: Payer, at: Callable[[str], None]
) -> None:
    await limit(linh.till, 1)
    until, now = date(2025, 11, 10), clock.now()
    made = await asyncio.gather(
        *(suspension.exempt(linh.family, until, "CCAS", "click", linh.cashier, now) for _ in range(3))
    )
    assert len({one.id for one in made}) == 1
    with pytest.raises(AlreadyExempt):
        await suspension.exempt(linh.family, until, "Encore", "other", linh.cashier, now)
    assert not (await tick(linh)).refused
    at("2025-11-10T20:00")
    assert not (await tick(linh, MONDAY + timedelta(1))).refused
    at("2025-11-11T08:00")
    assert (await tick(linh, MONDAY + timedelta(3))).refused
    with pytest.raises(OverAlready):
        await suspension.end(made[0].id, linh.cashier, clock.now())


async def test_an_exemption_is_ended_once(linh: Payer) -> None:
    await limit(linh.till, 1)
    now = clock.now()
    made = await suspension.exempt(linh.family, date(2025, 12, 1), "CCAS", "click", linh.cashier, now)
    [row] = [one for one in await suspension.suspended(now.date()) if one.family == linh.family]
    assert row.arrears.counted == linh.due and not row.arrears.is_suspended and row.name == "Linh Nguyen"
    assert await suspension.end(made.id, linh.cashier, now) == linh.family
    with pytest.raises(OverAlready):
        await suspension.end(made.id, linh.cashier, now)
    with pytest.raises(LookupError):
        await suspension.end(9999, linh.cashier, now)
    assert (await tick(linh)).refused
    assert await verify() == []


@ON_SQLITE
async def test_the_list_asks_as_little_for_twenty_families_as_for_two(
    linh: Payer, count_queries: Callable[[], int]
) -> None:
    """A debt of 50 € each, at one till."""
    await limit(linh.till, 1000)
    asked: list[int] = []
    known = 0
    for many in (2, 20):
        for n in range(known, many):
            family = await Family.create(number=f"owes-{n}")
            account = FamilyAccount(family.id, linh.till.id)
            async with transaction():
                posting = postings.opening_debt(account, f"opening:owes:{n}", 5000, "Cantine 2024")
                await ledger.post(posting, at=clock.now() - timedelta(days=100), actor="import")
        known = many
        before = count_queries()
        found = await suspension.suspended(clock.now().date())
        asked.append(count_queries() - before)
        assert sum(one.number.startswith("owes-") for one in found) == many
    assert asked[0] == asked[1] <= 8, asked
