"""Money that the bank tells of after the hold: recorded first, always; then the days, all or none; else a credit."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting
from models.checkout import settlement
from models.checkout.commit import expire_holds
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.money import ledger
from models.work.notice import Notice
from tests.engines import ON_SQLITE
from tests.models.late_money import at_the_bank, bank_says_paid, owe, tick, till
from tests.models.rush import DAY, gather_families
from tests.portal import Portal

LENS = "2018-08-27T10:00:00"
OTHER_DAY = date(2018, 9, 6)


@pytest.mark.parametrize(
    "moment",
    ["2018-08-30T00:00:01", "2018-09-04T09:00:00"],
    ids=["past the deadline", "the day is over"],
)
async def test_money_after_the_deadline_is_a_credit_and_books_nothing(
    portal: Any, at: Any, moment: str
) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    at("2018-08-27T10:30:00")
    await expire_holds(clock.now())
    at(moment)
    after = await bank_says_paid(one)
    assert (after.state, after.anomaly) == ("paid", "late")
    assert not await Booking.filter(state__in=("held", "confirmed")).exists()
    assert await ledger.standings(one.family_id) == {one.till_id: -340}
    assert await Notice.filter(kind="payment_late").count() == 1
    assert not await Notice.filter(kind="payment_received").exists()
    await town.verify()


@ON_SQLITE
async def test_money_before_the_deadline_books_though_the_hold_is_over(portal: Any, at: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    at("2018-08-27T10:30:00")
    await expire_holds(clock.now())
    at("2018-08-29T23:59:00")
    assert (await bank_says_paid(one)).anomaly is None
    assert (await Booking.get()).state == "confirmed" and not await CartLine.exists()
    await town.verify()


async def test_a_hold_that_nobody_ended_for_days_keeps_no_day(portal: Any, at: Any) -> None:
    """The sweeper was away: what counts is when the hold ended, not who noticed."""
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    at("2018-09-04T09:00:00")
    assert (await bank_says_paid(one)).anomaly == "late"
    assert (await Booking.get()).state == "released"
    assert not await Opening.filter(taken__gt=0).exists()
    await town.verify()


@ON_SQLITE
async def test_what_the_bank_says_when_the_hold_ends_is_in_time(portal: Any, at: Any) -> None:
    """Its last word is asked for a moment after the end, and the deadline may be a moment before it."""
    town: Portal = await portal("lens", now="2018-08-29T23:40:00")
    one = await at_the_bank(await gather_families(1), "click")
    at("2018-08-30T00:06:00")
    assert (await bank_says_paid(one)).anomaly is None
    assert (await Booking.get()).state == "confirmed"
    await town.verify()


async def test_a_day_that_the_mairie_closed_meanwhile_is_a_credit(portal: Any, at: Any) -> None:
    from models.commune.school_year import Closure, SchoolYear

    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    at("2018-08-27T10:30:00")
    await expire_holds(clock.now())
    year = await SchoolYear.first()
    await Closure.create(year=year, start=DAY, end=DAY, reason="Grève")
    assert (await bank_says_paid(one)).anomaly == "late"
    assert not await Booking.filter(state="confirmed").exists()
    await town.verify()


@ON_SQLITE
async def test_a_paid_charge_is_kept_while_another_order_is_being_paid(portal: Any) -> None:
    """« Annuler ce paiement », other days, « Payer » again, then the first is finished on the bank's page."""
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    first = await at_the_bank(rush, "first")
    await settlement.give_up(first.id, clock.now())
    await tick(rush, DAY, False)
    await tick(rush, OTHER_DAY, True)
    second = await at_the_bank(rush, "second")
    assert (await bank_says_paid(first)).state == "paid"
    await town.verify()
    assert (await Booking.get(day=DAY)).state == "confirmed"
    assert (await Booking.get(day=OTHER_DAY)).state == "held"
    assert (await bank_says_paid(second)).anomaly is None
    assert await Booking.filter(state="confirmed").count() == 2
    assert await ledger.standings(first.family_id) == {first.till_id: 0}
    await town.verify()


@ON_SQLITE
async def test_the_same_days_in_another_order_stand_in_the_way(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    first = await at_the_bank(rush, "first")
    await settlement.give_up(first.id, clock.now())
    second = await at_the_bank(rush, "second")
    assert (await bank_says_paid(first)).anomaly == "taken"
    assert await ledger.standings(first.family_id) == {first.till_id: -340}
    await town.verify()
    assert (await bank_says_paid(second)).anomaly is None
    assert await Booking.filter(state="confirmed").count() == 1
    await town.verify()


@ON_SQLITE
async def test_all_the_days_or_none(portal: Any) -> None:
    """One of two days is gone: the money is not cut in two."""
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    await tick(rush, OTHER_DAY, True)
    one = await at_the_bank(rush, "click")
    await settlement.give_up(one.id, clock.now())
    await Opening.filter(id=rush.opening).update(places=0)
    assert (await bank_says_paid(one)).anomaly == "full"
    assert not await Booking.filter(state="confirmed").exists()
    assert await ledger.standings(one.family_id) == {one.till_id: -680}
    await town.verify()


@ON_SQLITE
async def test_who_waits_goes_before_late_money(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(2)
    one = await at_the_bank(rush, "click")
    await settlement.give_up(one.id, clock.now())
    await Opening.filter(id=rush.opening).update(places=1)
    model = await Booking.get()
    columns = ("slot_id", "opening_id", "day", "cents")
    child = await Child.get(homes__family_id=rush.families[1])
    other = await Booking.create(
        **{name: getattr(model, name) for name in columns},
        enrolment_id=(await Enrolment.get(family_id=rush.families[1])).id,
        child_id=child.id,
        family_id=rush.families[1],
        state="waiting",
        made_at=clock.now(),
        changed_at=clock.now(),
    )
    await Waiting.create(booking_id=other.id, opening_id=rush.opening, since=clock.now())
    assert (await bank_says_paid(one)).anomaly == "full"
    await town.verify()


@ON_SQLITE
async def test_a_credit_that_was_spent_elsewhere_does_not_pay_again(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    family = rush.families[0]
    await owe(family, (await till()).id, -100, "avoir")
    first = await at_the_bank(rush, "first")
    assert first.cents == 240
    await settlement.give_up(first.id, clock.now())
    await tick(rush, DAY, False)
    await tick(rush, OTHER_DAY, True)
    second = await at_the_bank(rush, "second")
    assert second.cents == 240  # the credit is set aside for the second order
    assert (await bank_says_paid(first)).anomaly == "short"
    assert not await Booking.filter(day=DAY, state="confirmed").exists()
    await town.verify()
    await bank_says_paid(second)
    assert await ledger.standings(family) == {first.till_id: -240}
    await town.verify()


@ON_SQLITE
async def test_what_was_paid_anew_is_said_to_be_there_before_anything_else(portal: Any) -> None:
    """The same days, and the same credit: nothing is missing, so nobody is told to book again."""
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    await owe(rush.families[0], (await till()).id, -100, "avoir")
    first = await at_the_bank(rush, "first")
    await settlement.give_up(first.id, clock.now())
    second = await at_the_bank(rush, "second")
    await bank_says_paid(second)
    assert (await bank_says_paid(first)).anomaly == "taken"
    await town.verify()


@ON_SQLITE
async def test_a_credit_that_is_still_there_pays_its_part(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    await owe(rush.families[0], (await till()).id, -100, "avoir")
    one = await at_the_bank(rush, "first")
    await settlement.give_up(one.id, clock.now())
    assert (await bank_says_paid(one)).anomaly is None
    assert await ledger.standings(one.family_id) == {one.till_id: 0}
    assert (await Order.get()).credit == 100  # what the receipt tells
    await town.verify()


async def test_a_day_given_back_in_the_same_order_is_given_back_late_too(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    await bank_says_paid(await at_the_bank(rush, "before"))
    later = date(2018, 9, 10)
    await tick(rush, DAY, False)
    await tick(rush, OTHER_DAY, True)
    await tick(rush, later, True)
    one = await at_the_bank(rush, "mixed")
    assert one.cents == 340
    await settlement.give_up(one.id, clock.now())
    assert (await bank_says_paid(one)).anomaly is None
    assert (await Booking.get(day=DAY)).state == "cancelled"
    assert await Booking.filter(state="confirmed").count() == 2 and not await CartLine.exists()
    assert await ledger.standings(one.family_id) == {one.till_id: 0}
    await town.verify()
