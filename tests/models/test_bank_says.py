"""Whatever the bank repeats, and in whatever order, a payment is posted once and the books add up."""

import asyncio
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.banks import BankNotice, bank
from models.banks.demo import DemoCharge
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.checkout import recap, settlement
from models.checkout.commit import commit, expire_holds
from models.money import ledger, payment
from models.money.anomaly import Anomaly
from models.money.ledger import Entry
from models.money.payment import Payment
from models.rules import postings
from models.rules.postings import FamilyAccount, Posting
from models.rules.states.payments import BankState
from models.storage.integrity import verify
from models.work.notice import Notice
from models.work.task import Task
from tests.engines import ON_SQLITE
from tests.models.rush import Rush, gather_families
from tests.portal import Portal

LENS = "2018-08-27T10:00:00"


async def at_the_bank(rush: Rush, n: int = 0) -> Payment:
    family = rush.families[n]
    shown = await recap.read(rush.catalogue, family, clock.now())
    receipt = await commit(rush.catalogue, family, clock.now(), f"click-{family}", shown.seen)
    await settlement.begin(receipt.payments[0].id, clock.now())
    return await Payment.get(id=receipt.payments[0].id)


def says(one: Payment, state: Any) -> BankNotice:
    return BankNotice(one.provider, one.reference, state, one.cents, "4970 •• 14", "A1", "T1")


async def fifty_times(one: Payment) -> None:
    await asyncio.gather(*(settlement.settle(says(one, "paid"), clock.now()) for _ in range(50)))


@ON_SQLITE
async def test_paid_fifty_times_is_one_payment_and_one_receipt(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    await fifty_times(one)
    assert (await Payment.get(id=one.id)).state == "paid"
    assert await Entry.filter(key__startswith="pay:").count() == 1
    assert await Notice.filter(kind="payment_received").count() == 1
    assert await Booking.filter(state="confirmed").count() == 1
    assert (await ledger.standings(one.family_id)) == {one.till_id: 0}
    await town.verify()


async def test_without_its_two_guards_it_would_be_posted_again(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state's conditional update and the entry's unique key: take both away and verify cries."""
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    await settlement.settle(says(one, "paid"), clock.now())
    await town.verify()
    posted = iter(range(100))

    def unkeyed(
        family_account: FamilyAccount, provider: str, reference: str, cents: int, invoices: Any, method: Any
    ) -> Posting:
        made = postings.Posting(
            f"pay:{provider}:{reference}:{next(posted)}", "payment", "Paiement", PAID(family_account, cents)
        )
        return made

    def PAID(family_account: FamilyAccount, cents: int) -> tuple[postings.LegDraft, ...]:
        return postings.LegDraft(
            postings.bank_account("demo", family_account.till), cents, till=family_account.till
        ), family_account.leg(-cents)

    monkeypatch.setattr(payment, "NOT_PAID", (*payment.NOT_PAID, "paid"))
    monkeypatch.setattr(postings, "paid", unkeyed)
    await settlement.settle(says(one, "paid"), clock.now())
    assert await Entry.filter(key__startswith="pay:").count() == 2
    assert await verify() != []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_any_order_of_answers_ends_paid_when_one_says_paid(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    orders = list(permutations(["refused", "cancelled", "expired", "paid"]))
    rush = await gather_families(len(orders))
    for n, answers in enumerate(orders):
        one = await at_the_bank(rush, n)
        for answer in answers:
            await settlement.settle(says(one, answer), clock.now())
        assert (await Payment.get(id=one.id)).state == "paid"
        assert await Booking.filter(family_id=one.family_id, state="confirmed").count() == 1
        assert sum((await ledger.standings(one.family_id)).values()) == 0
    await town.verify()


@ON_SQLITE
async def test_a_bank_that_never_says_so_is_asked(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    silent = bank("demo")
    from models.banks.demo import DemoCharge

    await DemoCharge.filter(reference=one.reference).update(
        state="paid", card="4970 10•• •••• ••30", authorisation="1"
    )
    assert silent.first_poll <= 25
    assert "poll_bank" in await town.run_jobs(within=25)
    assert (await Payment.get(id=one.id)).state == "paid"
    await town.verify()


async def test_money_too_late_for_a_lost_place_is_a_credit(portal: Any, at: Any) -> None:
    def one_place(file: dict[str, Any]) -> None:
        file["activities"][1]["places"] = 1

    town: Portal = await portal("lens", now=LENS, change=one_place)
    rush = await gather_families(2)
    late = await at_the_bank(rush, 0)
    at("2018-08-27T10:30:00")
    await expire_holds(clock.now())
    winner = await at_the_bank(rush, 1)
    await settlement.settle(says(winner, "paid"), clock.now())
    await settlement.settle(says(late, "paid"), clock.now())
    assert (await Opening.get(id=rush.opening)).taken == 1
    assert (await ledger.standings(late.family_id)) == {late.till_id: -340}
    assert (await Payment.get(id=late.id)).anomaly == "full"
    assert await Notice.filter(kind="payment_late").count() == 1
    await town.verify()


@ON_SQLITE
async def test_money_a_little_late_still_gets_a_free_place(portal: Any, at: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    late = await at_the_bank(rush)
    at("2018-08-27T10:30:00")
    await expire_holds(clock.now())
    assert await CartLine.filter(order_id=None).count() == 1
    await settlement.settle(says(late, "paid"), clock.now())
    assert (await Booking.get()).state == "confirmed" and await CartLine.all().count() == 0
    await town.verify()


async def test_another_sum_than_asked_pays_nothing(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    forged = BankNotice(one.provider, one.reference, BankState.PAID, one.cents - 1)
    await settlement.settle(forged, clock.now())
    await settlement.settle(forged, clock.now())
    assert (await Payment.get(id=one.id)).state == "redirected"
    assert not await Booking.filter(state="confirmed").exists()
    assert [(row.kind, row.cents) for row in await Anomaly.all()] == [("amount", one.cents - 1)]
    await town.verify()


async def test_the_poller_goes_on_more_and_more_slowly(portal: Any) -> None:
    await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    await settlement.ask_again(one.id, clock.now() + timedelta(minutes=1), 0)
    await settlement.ask_again(one.id, clock.now() + timedelta(minutes=3), 1)
    due = await Task.filter(name="poll_bank").order_by("due").values_list("key", flat=True)
    assert list(map(str, due)) == [f"poll:{one.id}:0", f"poll:{one.id}:1", f"poll:{one.id}:2"]


@pytest.mark.parametrize("known", [True, False], ids=["another sum", "a reference that nobody gave"])
async def test_a_charge_that_the_mairie_was_told_of_is_no_damage(portal: Any, known: bool) -> None:
    """Of the bank's own books: before the mairie knows of it, it is one."""
    town: Portal = await portal("lens", now=LENS)
    one = await at_the_bank(await gather_families(1))
    paid = {"state": "paid", "cents": 341, "answered_at": clock.now()}
    await DemoCharge.filter(reference=one.reference).update(**paid)
    if not known:
        await DemoCharge.filter(reference=one.reference).update(reference="NOBODYS")
    assert [fault.invariant for fault in await verify()] == ["paiements"]
    reference = one.reference if known else "NOBODYS"
    await settlement.settle(BankNotice("demo", reference, BankState.PAID, 341), clock.now())
    assert (await Anomaly.get()).kind == ("amount" if known else "unknown")
    await town.verify()
