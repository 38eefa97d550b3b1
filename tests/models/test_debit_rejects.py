"""A collection that the bank refuses, or takes back: the invoice is open again, and the next one is told as it must."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from models import clock
from models.commune.till import Till
from models.direct_debit import adding, planning, rejecting
from models.direct_debit.adding import NotCollectable
from models.direct_debit.debit import DirectDebit
from models.direct_debit.rejecting import Reject
from models.money import ledger, takings
from models.money.invoice import Invoice
from models.rules.states.debits import DebitState
from models.storage.database import rows, transaction
from models.work.notice import Notice
from tests.engines import ON_SQLITE
from tests.models import debits
from tests.models.debits import BOOKED, OTHER_IBAN, every_invoice
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def both(portal: OpenPortal) -> tuple[Portal, int, int]:
    """Two families with a mandate, whose invoices of October have left."""
    town = await portal("demo", now=BOOKED, change=every_invoice)
    camille, sophie = await debits.booked(town)
    await debits.signed(camille.family)
    await debits.signed(sophie.family, OTHER_IBAN, "Sophie Moreau")
    await debits.invoiced(town)
    return town, camille.family, sophie.family


async def test_a_reject_opens_the_invoice_again(both: tuple[Portal, int, int]) -> None:
    """One before the money came, one after."""
    town, camille, sophie = both
    batch = await debits.sent(await debits.prepared())
    early, late = await debits.of(camille), await debits.of(sophie)
    assert await rejecting.reject([Reject(early.id, "AC04")], "member:1", clock.now()) == 1
    await debits.settled(batch)
    assert (await debits.of(camille)).payment_id is None
    assert await rejecting.reject([Reject(late.id, "AM04")], "member:1", clock.now()) == 1
    assert await rejecting.reject([Reject(late.id, "MD06")], "member:1", clock.now()) == 0, (
        "the first reason stays"
    )
    assert (await debits.of(sophie)).reason == "AM04"
    for debit in (early, late):
        assert await ledger.open_of(debit.invoice_id) == debit.invoice.cents
        assert await Notice.filter(kind="debit_rejected", about=f"debit:{debit.id}").count() == 1
    assert await ledger.balance([f"debit:{batch.till_id}"]) == 0
    month = clock.now().date().replace(day=1)
    assert sum(taking.cents for taking in await takings.of_months([month])) == 0
    await town.run_jobs()
    await town.verify()
    reversal = await rows("SELECT entry.key FROM entry WHERE kind = 'reversal'")
    assert reversal == [{"key": f"reverse:{(await debits.of(sophie)).payment_id}"}]


@ON_SQLITE
async def test_rejects_are_all_recorded_or_none(both: tuple[Portal, int, int]) -> None:
    await debits.sent(await debits.prepared())
    debit = await debits.of(both[1])
    with pytest.raises(LookupError):
        await rejecting.reject([Reject(debit.id, "AC04"), Reject(999, "AC04")], "member:1", clock.now())
    await preparing_only(both[2])
    with pytest.raises(LookupError):
        wrong = [Reject(debit.id, "AC04"), Reject((await debits.of(both[2])).id, "AC04")]
        await rejecting.reject(wrong, "member:1", clock.now())
    assert (await debits.of(both[1])).state == DebitState.SENT
    assert not await Notice.exists(kind="debit_rejected")


async def preparing_only(family: int) -> None:
    """As if it had not left yet."""
    await DirectDebit.filter(mandate__family_id=family).update(state=DebitState.PREPARED)


async def test_the_second_collection_is_a_recurring_one(both: tuple[Portal, int, int]) -> None:
    """After a reject before its money came, the next is a first one again."""
    batch = await debits.sent(await debits.prepared())
    refused = await debits.of(both[1])
    await rejecting.reject([Reject(refused.id, "MD01")], "member:1", clock.now())
    await debits.settled(batch)
    till = await Till.get(code="scolaire")
    async with transaction():
        for family in both[1:]:
            old = await Invoice.get(id=(await debits.of(family)).invoice_id)
            copy = await Invoice.create(
                **{name: getattr(old, name) for name in ("family_id", "till_id", "cents", "issued_on")},
                number=f"{old.number}-2",
                before_portal=True,
            )
            leg = "INSERT INTO leg (entry_id, account_id, cents, invoice_id) SELECT entry_id, account_id, cents, ? "
            await rows(f"{leg} FROM leg WHERE invoice_id = ? AND cents > 0 RETURNING id", [copy.id, old.id])
            await planning.plan(till, [copy], clock.now())
    next_one = await debits.prepared(clock.now().date() + timedelta(days=60))
    found = await DirectDebit.filter(batch_id=next_one.id).select_related("mandate")
    assert {one.mandate.family_id: one.sequence for one in found} == {both[1]: "FRST", both[2]: "RCUR"}


async def test_what_was_refused_for_want_of_money_is_asked_for_once_more(
    both: tuple[Portal, int, int],
) -> None:
    town, camille, sophie = both
    await debits.sent(await debits.prepared())
    closed, short = await debits.of(camille), await debits.of(sophie)
    with pytest.raises(NotCollectable, match="planned"):
        await adding.add(short.invoice_id, "member:1", clock.now())
    await rejecting.reject([Reject(closed.id, "AC04"), Reject(short.id, "AM04")], "member:1", clock.now())
    with pytest.raises(NotCollectable, match="again"):
        await adding.add(closed.invoice_id, "member:1", clock.now())
    assert [one.id for one in await adding.collectable(sophie)] == [short.invoice_id]
    assert await adding.collectable(camille) == []
    told = await asyncio.gather(
        *(adding.add(short.invoice_id, "member:1", clock.now()) for _ in range(4)), return_exceptions=True
    )
    [made] = [one for one in told if isinstance(one, DirectDebit)]
    assert (made.collect_on - clock.now().date()).days >= 14 and made.told_on == clock.now().date()
    assert await Notice.filter(kind="debit_planned", family_id=sophie).count() == 1
    second = await debits.sent(await debits.prepared(made.collect_on))
    assert (second.number, second.cents) == (1, short.invoice.cents)
    await rejecting.reject([Reject(made.id, "AM04")], "member:1", clock.now())
    with pytest.raises(NotCollectable, match="again"):
        await adding.add(short.invoice_id, "member:1", clock.now())
    assert await adding.collectable(sophie) == []
    await town.run_jobs()
    await town.verify()


async def test_an_invoice_of_before_the_mandate_joins_the_next_collection(portal: OpenPortal) -> None:
    town = await portal("demo", now=BOOKED, change=every_invoice)
    camille, _ = await debits.booked(town)
    await debits.invoiced(town)
    invoice = await Invoice.get(family_id=camille.family, till__code="scolaire", before_portal=False)
    with pytest.raises(NotCollectable, match="mandate"):
        await adding.add(invoice.id, "guardian:1", clock.now())
    await debits.signed(camille.family)
    assert invoice.id in [one.id for one in await adding.collectable(camille.family)]
    made = await adding.add(invoice.id, "guardian:1", clock.now())
    assert (made.collect_on - clock.now().date()).days >= 14
    await debits.settled(await debits.sent(await debits.prepared(made.collect_on)))
    assert await ledger.open_of(invoice.id) == 0
    with pytest.raises(NotCollectable, match="settled"):
        await adding.add(invoice.id, "guardian:1", clock.now())
    with pytest.raises(LookupError):
        await adding.add(99999, "guardian:1", clock.now())
    await town.verify()
