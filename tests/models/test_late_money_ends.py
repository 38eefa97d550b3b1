"""Money that came late: debts, failures of ours, and places that were offered."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.activities.tariff import Tariff
from models.banks import BankNotice
from models.banks.demo import DemoBank
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, promote
from models.checkout import recap, settlement
from models.checkout.commit import commit, expire_holds
from models.money import ledger
from models.money.ledger import Entry
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.models.late_money import at_the_bank, bank_says_paid, owe, tick, till
from tests.models.rush import DAY, Rush, gather_families
from tests.portal import Portal
from tests.web.checkout import GOOD_CARD

LENS = "2018-08-27T10:00:00"
OTHER_DAY = date(2018, 9, 6)


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


@ON_SQLITE
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
    shown = await recap.read(rush.catalogue, rush.families[0], clock.now())
    await commit(rush.catalogue, rush.families[0], clock.now(), "rank", shown.seen)
    assert await Booking.filter(state="waiting").count() == 1


@ON_SQLITE
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
