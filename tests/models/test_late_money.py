"""Money that the bank tells of after the hold: recorded first, always; then the days, all or none; else a credit."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.banks import BankNotice
from models.banks.demo import DemoBank
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, promote
from models.checkout import recap, settlement
from models.checkout.commit import commit, expire_holds
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.money import ledger
from models.money.ledger import Entry
from models.money.payment import Payment
from models.planning import ticks
from models.planning.ticks import Tick
from models.storage.integrity import verify
from models.work.audit_log import Event
from models.work.task import Task
from tests.models.rush import DAY, Rush, gather_families
from tests.portal import Portal
from tests.web.checkout import GOOD_CARD

LENS = "2018-08-27T10:00:00"
MEAL = "Rest Sco Pré Paiement 2018-2019"
OTHER_DAY = date(2018, 9, 6)


async def at_the_bank(rush: Rush, click: str, n: int = 0) -> Payment:
    family = rush.families[n]
    shown = await recap.read(rush.known, family, clock.now())
    receipt = await commit(rush.known, family, clock.now(), click, shown.seen)
    await settlement.begin(receipt.payments[0].id, clock.now())
    return await Payment.get(id=receipt.payments[0].id)


async def tick(rush: Rush, day: date, on: bool, n: int = 0) -> None:
    child = await Child.get(homes__family_id=rush.families[n])
    slot = await Slot.get(name=MEAL)
    outcome = await ticks.apply_ticks(
        await catalogue(), rush.families[n], [Tick(child.id, slot.id, day, on)], clock.now()
    )
    assert not outcome.refused


async def bank_says_paid(one: Payment) -> Payment:
    notice = BankNotice(one.provider, one.reference, "paid", one.cents, "4970 •• 14", "A1", "T1")
    await settlement.settle(notice, clock.now())
    return await Payment.get(id=one.id)


async def owe(family: int, till: int, cents: int, why: str) -> None:
    """A commune file brought something to the family's account: + it owes, − it was given a credit."""
    from models.rules import postings

    family_account, key = postings.FamilyAccount(family, till), f"opening:{why}"
    post = postings.opening_debt if cents > 0 else postings.opening_paid
    await ledger.post(post(family_account, key, abs(cents), why), at=clock.now(), actor="test")
    await Event.note_each(clock.now(), "test", "family.opened", {family: {"entries": {key: cents}}})


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
    assert await Task.filter(name="write_late_payment").count() == 1
    assert not await Task.filter(name="write_receipt").exists()
    await town.verify()


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


async def test_a_debt_that_another_payment_settled_is_a_credit_and_said(portal: Any) -> None:
    from models.money.anomaly import Anomaly

    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    await owe(rush.families[0], (await till()).id, 150, "dette")
    first = await at_the_bank(rush, "first")
    assert first.cents == 490
    await settlement.give_up(first.id, clock.now())
    await tick(rush, DAY, False)
    await tick(rush, OTHER_DAY, True)
    second = await at_the_bank(rush, "second")
    assert second.cents == 490
    await bank_says_paid(second)
    assert (await bank_says_paid(first)).anomaly is None
    assert await Booking.filter(state="confirmed").count() == 2
    assert await ledger.standings(first.family_id) == {first.till_id: -150}
    seen = await Anomaly.filter(payment_id=first.id).values_list("kind", "cents")
    assert list(seen) == [("debt", 150)]
    await town.verify()


async def test_whatever_goes_wrong_with_the_days_the_money_is_kept(
    portal: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from models.checkout import fulfilment

    async def broken(*_: object) -> None:
        await Booking.all().update(state="confirmed")
        raise RuntimeError(f"card {GOOD_CARD}")

    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    await settlement.give_up(one.id, clock.now())
    monkeypatch.setattr(fulfilment, "_again", broken)
    after = await bank_says_paid(one)
    assert (after.state, after.anomaly) == ("paid", "fault")
    assert await Entry.filter(key__startswith="pay:").count() == 1
    assert (await Booking.get()).state == "released"
    assert "RuntimeError" in caplog.text and "broken" in caplog.text and GOOD_CARD not in caplog.text
    await town.verify()


async def test_what_could_not_be_booked_is_a_draft_again_at_once(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« Un paiement est en cours » would be said of one that is over, until its hold ends."""
    from models.checkout import fulfilment

    async def broken(*_: object) -> None:
        raise RuntimeError

    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    monkeypatch.setattr(fulfilment, "confirm", broken)
    assert (await bank_says_paid(one)).anomaly == "fault"
    assert (await Order.get()).state == "released" and (await CartLine.get()).order_id is None
    assert not await Opening.filter(taken__gt=0).exists()
    assert await ledger.standings(one.family_id) == {one.till_id: -340}
    await town.verify()


async def test_a_bank_that_does_not_answer_keeps_nobody_from_leaving(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> BankNotice:
        raise ConnectionError

    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    monkeypatch.setattr(DemoBank, "ask", away)
    after = await settlement.give_up(one.id, clock.now())
    assert after.state == "cancelled" and not after.heard
    await town.verify()


async def till() -> Any:
    from models.commune.till import Till

    return await Till.get(code="acm") if await Till.exists(code="acm") else await Till.first()


async def test_the_hold_is_given_back_once(portal: Any, at: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1), "click")
    at(clock.now() + timedelta(minutes=26))
    await expire_holds(clock.now())
    for _ in range(3):
        await bank_says_paid(one)
    assert await Entry.filter(key__startswith="sale:").count() == 1
    assert (await Opening.get(taken__gt=0)).taken == 1
    await town.verify()


async def ranked(portal: Any, places: int) -> tuple[Portal, Rush]:
    """The family of the rush waits for DAY, and then there are so many places."""

    def listed(file: dict[str, Any]) -> None:
        file["activities"][1]["waiting_list"] = True

    town = await portal("lens", now=LENS, change=listed)
    rush = await gather_families(1)
    await waits(rush)
    await Opening.filter(id=rush.opening).update(places=places)
    await promote(rush.opening, clock.now())
    return town, rush


async def waits(rush: Rush) -> None:
    await Opening.filter(id=rush.opening).update(places=0)
    shown = await recap.read(rush.known, rush.families[0], clock.now())
    await commit(rush.known, rush.families[0], clock.now(), "rank", shown.seen)
    assert await Booking.filter(state="waiting").count() == 1


@pytest.mark.parametrize("places", [0, 1], ids=["still waits", "is offered a place"])
async def test_who_only_has_a_rank_is_not_told_that_the_day_is_booked(portal: Any, places: int) -> None:
    """« Ces jours étaient déjà réservés » would keep the family from paying for the place that it may get."""

    def listed(file: dict[str, Any]) -> None:
        file["activities"][1]["waiting_list"] = True

    town: Portal = await portal("lens", now=LENS, change=listed)
    rush = await gather_families(1)
    one = await at_the_bank(rush, "click")
    await settlement.give_up(one.id, clock.now())
    await waits(rush)
    await Opening.filter(id=rush.opening).update(places=2 * places)
    await promote(rush.opening, clock.now())
    assert (await bank_says_paid(one)).anomaly == "full"
    assert await Booking.filter(state=("waiting", "offered")[places]).count() == 1
    await town.verify()


async def test_an_offered_place_is_booked_at_the_price_that_was_paid(portal: Any) -> None:
    """Another order held it meanwhile, when it cost something else."""
    town, rush = await ranked(portal, 1)
    one = await at_the_bank(rush, "first")
    await settlement.give_up(one.id, clock.now())
    await Booking.filter(state="offered").update(cents=500, reason="au quotient", tariff_id=None)
    assert (await bank_says_paid(one)).anomaly is None
    booking = await Booking.get()
    assert (booking.state, booking.cents, booking.reason) == ("confirmed", 340, "à l’unité")
    assert booking.tariff_id == (await Tariff.get(amount=340)).id
    await town.verify()


async def test_an_offer_whose_limit_came_while_it_was_paid_for_is_no_damage(portal: Any, at: Any) -> None:
    """Its hold may end later than it; then the sweeper has its five minutes, as with any other."""
    town, rush = await ranked(portal, 1)
    limit = (await Waiting.get()).offered_until
    assert limit
    at(limit - timedelta(minutes=1))
    await at_the_bank(rush, "first")
    at(limit + timedelta(minutes=25))
    await expire_holds(clock.now())
    assert (await Booking.get()).state == "offered"
    await town.verify()
    at(limit + timedelta(minutes=36))
    assert [fault.invariant for fault in await verify()] == ["I11"]
