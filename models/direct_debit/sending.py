"""A batch leaves, and its money comes: each collection becomes a payment of its invoice, once."""

from datetime import datetime

from models.banks import BankNotice
from models.direct_debit.debit import PROVIDER, DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import Mandate
from models.families.family import Family
from models.money.payment import Payment, PaymentPart
from models.rules.states.debits import BatchState, DebitState
from models.rules.states.payments import BankState, PartKind, PaymentMethod
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


class TooEarly(Exception):
    """Its money cannot be there before the day of the collection."""


async def sent(id: int, member: int, now: datetime) -> bool:
    """Somebody handed the file over. False when it had left, was discarded, or has no file."""
    return await retrying(lambda: _sent(id, f"member:{member}", now))


async def _sent(id: int, actor: str, now: datetime) -> bool:
    async with transaction():
        mine = DebitBatch.filter(id=id, state=BatchState.PREPARED, file__not_isnull=True)
        if not await mine.update(state=BatchState.SENT, sent_at=now):
            return False
        batch = await DebitBatch.get(id=id)
        held = DirectDebit.filter(batch_id=id, state=DebitState.PREPARED)
        mandates = await held.values_list("mandate_id", flat=True)
        await held.update(state=DebitState.SENT)
        await Mandate.filter(id__in=list(mandates)).update(last_used_on=batch.collect_on)
        await Event.note(now, actor, "debits.sent", f"batch:{id}", number=batch.number, cents=batch.cents)
    return True


async def settle(id: int, member: int, now: datetime) -> bool:
    """The bank paid the batch: all that it did not reject before. False when that was said before, or it never left.

    A transaction for each collection: stopped midway, said again, it goes on. Raises TooEarly.
    """
    batch = await DebitBatch.get(id=id)
    if batch.state != BatchState.SENT:
        return False
    if now.date() < batch.collect_on:
        raise TooEarly(id)
    for debit in await DirectDebit.filter(batch_id=id, state=DebitState.SENT).order_by("id"):
        await retrying(lambda debit=debit: _collect(debit.id, f"member:{member}", now))  # type: ignore[misc]
    async with transaction():
        over = DebitBatch.filter(id=id, state=BatchState.SENT)
        if not await over.update(state=BatchState.SETTLED, settled_at=now):
            return False
        await Event.note(now, f"member:{member}", "debits.settled", f"batch:{id}")
    return True


async def _collect(id: int, actor: str, now: datetime) -> None:
    debit = await DirectDebit.get(id=id).select_related("mandate")
    family, till = debit.mandate.family_id, debit.mandate.till_id
    async with transaction():
        await Family.lock(family)
        if not await DirectDebit.filter(id=id, state=DebitState.SENT).update(state=DebitState.PAID):
            return
        cents = debit.cents or 0
        payment = Payment(
            family_id=family,
            till_id=till,
            provider=PROVIDER,
            method=PaymentMethod.DEBIT,
            reference=debit.reference,
            made_at=now,
        )
        part = PaymentPart(kind=PartKind.INVOICE, invoice_id=debit.invoice_id, cents=cents)
        await Payment.prepare(payment, [part])
        await payment.post_paid(BankNotice(PROVIDER, debit.reference, BankState.PAID, cents), now)
        await DirectDebit.filter(id=id).update(payment_id=payment.id)
        await Event.note(now, actor, "debit.paid", f"debit:{id}", family, payment=payment.id, cents=cents)
