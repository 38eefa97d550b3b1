"""Which invoices will be collected: told with the invoice itself, 14 days before at least. No bank is asked yet."""

from collections.abc import Collection, Sequence
from datetime import datetime

from models.commune.till import Till
from models.direct_debit.debit import DirectDebit
from models.direct_debit.mandate import Mandate
from models.families.family import Family
from models.money.invoice import Invoice
from models.rules.states.debits import AT_THE_BANK, DebitState, MandateState
from models.rules.till import sepa
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


async def plan(till: Till, invoices: Sequence[Invoice], now: datetime) -> None:
    """Those of families with a mandate that still stands on the day. Call in the transaction that issues them, after
    Family.lock."""
    if not till.collects:
        return
    mandates = await Mandate.active(till.id, {invoice.family_id for invoice in invoices})
    planned = []
    for invoice in invoices:
        mandate = mandates.get(invoice.family_id)
        day = sepa.collection_day(invoice.due_on or invoice.issued_on, now.date())
        if mandate and invoice.cents > 0 and day < mandate.expires_on:
            planned.append(
                DirectDebit(invoice_id=invoice.id, mandate_id=mandate.id, collect_on=day, told_on=now.date())
            )
    await DirectDebit.bulk_create(planned)


async def of_invoices(invoices: Collection[int]) -> dict[int, DirectDebit]:
    """The collection that each of them waits for, its mandate loaded."""
    waiting = (DebitState.PLANNED, *AT_THE_BANK)
    found = DirectDebit.filter(invoice_id__in=list(invoices), state__in=waiting).select_related("mandate")
    return {debit.invoice_id: debit for debit in await found}


async def revoke(mandate: Mandate, now: datetime, actor: str) -> bool:
    """It serves no more, and what was planned under it is not collected. What is in a file already is. False when it
    was over."""
    return await retrying(lambda: _end(mandate, MandateState.REVOKED, now, actor))


async def expire_mandates(now: datetime) -> int:
    """The mandates that nobody used for 36 months are over; how many."""
    ended = 0
    for mandate in await Mandate.filter(state=MandateState.ACTIVE).order_by("id"):
        if mandate.expires_on <= now.date():
            ended += await _end(mandate, MandateState.EXPIRED, now, "clock")
    return ended


async def _end(mandate: Mandate, state: MandateState, now: datetime, actor: str) -> bool:
    async with transaction():
        await Family.lock(mandate.family_id)
        if not await mandate.end(state, now, actor):
            return False
        dropped = DirectDebit.filter(mandate_id=mandate.id, state=DebitState.PLANNED)
        for debit in await dropped:
            about = f"debit:{debit.id}"
            await Event.note(now, actor, "debit.dropped", about, mandate.family_id, invoice=debit.invoice_id)
        await dropped.update(state=DebitState.DROPPED)
    return True
