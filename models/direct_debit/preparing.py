"""A batch is prepared: what is left of each planned collection is fixed, and a file asks the bank for it.

The amounts are fixed in one short transaction, with every family's account held still; the file is made of them
outside. Killed in between, the file is made when somebody asks for it.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, datetime

from models.commune.till import Till
from models.direct_debit import bank_file
from models.direct_debit.bank_file import Collection as Asked
from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.families.family import Family
from models.rules.states.debits import IN_BATCH, BatchState, DebitState
from models.rules.states.payments import OPEN
from models.rules.till import sepa
from models.storage.database import marks, retrying, rows, sql_list, transaction
from models.work.audit_log import Event


class NothingToCollect(LookupError):
    """Nothing is left of what was planned until that day, or all of it is being paid by card."""


async def prepare(till: Till, until: date, member: int, now: datetime) -> DebitBatch:
    """What `till` may collect of what was told for `until` or before. Raises NothingToCollect, bank_file.Refused."""
    batch = await retrying(lambda: _prepare(till, until, f"member:{member}", now))
    if batch is None:
        raise NothingToCollect(till.id)
    return await make_file(batch)


async def make_file(batch: DebitBatch) -> DebitBatch:
    """Its file, made once. Raises bank_file.Refused: what the bank could not read is not kept."""
    if batch.file is None:
        till = await Till.get(id=batch.till_id)
        asked = [_asked(debit) for debit in await _debits(batch)]
        await batch.keep(
            await asyncio.to_thread(bank_file.made, batch.message, till, batch.collect_on, asked)
        )
    return await DebitBatch.get(id=batch.id)


async def discard(id: int, member: int, now: datetime) -> bool:
    """It never leaves: its collections are planned again. False when it has left, or was discarded."""
    async with transaction():
        mine = DebitBatch.filter(id=id, state=BatchState.PREPARED)
        if not await mine.update(state=BatchState.DISCARDED):
            return False
        held = DirectDebit.filter(batch_id=id, state=DebitState.PREPARED)
        await held.update(state=DebitState.PLANNED, batch_id=None, cents=None, sequence="")
        await Event.note(now, f"member:{member}", "debits.discarded", f"batch:{id}")
    return True


async def _prepare(till: Till, until: date, actor: str, now: datetime) -> DebitBatch | None:
    """None where there is nothing to ask for: what was settled otherwise is dropped all the same."""
    waiting = DirectDebit.filter(
        state=DebitState.PLANNED, collect_on__lte=until, mandate__till_id=till.id
    ).order_by("id")
    families: Sequence[int] = await waiting.values_list("mandate__family_id", flat=True)  # type: ignore[assignment]
    async with transaction():
        await Family.lock(*families)
        planned = await waiting.filter(mandate__family_id__in=list(families)).select_related("mandate")
        debits = await _with_amounts(planned, now, actor)
        if not debits:
            return None
        batch = await _batch(till, max(until, sepa.earliest(now.date())), debits, actor, now)
        collected = await _collected({debit.mandate_id for debit in debits})
        for debit in debits:
            debit.batch_id, debit.state = batch.id, DebitState.PREPARED
            debit.sequence = sepa.sequence(debit.mandate_id in collected)
            collected.add(debit.mandate_id)
        await DirectDebit.bulk_update(debits, ["batch_id", "state", "cents", "sequence"])
        told = {debit.reference: debit.cents for debit in debits}
        await Event.note(now, actor, "debits.prepared", f"batch:{batch.id}", till=till.id, debits=told)
    return batch


async def _with_amounts(planned: Sequence[DirectDebit], now: datetime, actor: str) -> list[DirectDebit]:
    """With what is left of their invoices, in cents; what nothing is left of is dropped, what is being paid waits."""
    left, paying = await _left([debit.invoice_id for debit in planned])
    settled = [debit for debit in planned if left.get(debit.invoice_id, 0) <= 0]
    await DirectDebit.filter(id__in=[debit.id for debit in settled]).update(state=DebitState.DROPPED)
    for debit in settled:
        about, family = f"debit:{debit.id}", debit.mandate.family_id
        await Event.note(now, actor, "debit.dropped", about, family, invoice=debit.invoice_id)
    kept = [debit for debit in planned if debit not in settled and debit.invoice_id not in paying]
    for debit in kept:
        debit.cents = left[debit.invoice_id]
    return kept


async def _batch(
    till: Till, on: date, debits: Sequence[DirectDebit], actor: str, now: datetime
) -> DebitBatch:
    batch = await DebitBatch.create(
        till_id=till.id,
        collect_on=sepa.bank_day(on),
        message=f"{till.id}-{now:%Y%m%d%H%M%S%f}",  # until its number is known
        number=len(debits),
        cents=sum(debit.cents or 0 for debit in debits),
        prepared_at=now,
        prepared_by=actor,
    )
    await DebitBatch.filter(id=batch.id).update(message=f"PRLV-{till.id}-{on:%Y%m%d}-{batch.id}")
    return await DebitBatch.get(id=batch.id)


async def _left(invoices: Collection[int]) -> tuple[dict[int, int], set[int]]:
    """What is left to pay of each, in cents; and which of them somebody is paying by card."""
    some = list(invoices)
    if not some:
        return {}, set()
    sums = await rows(_LEFT.format(marks=marks(some)), some)
    paying = await rows(_PAYING.format(marks=marks(some)), some)
    return {row["invoice_id"]: int(row["total"]) for row in sums}, {row["invoice_id"] for row in paying}


async def _collected(mandates: Collection[int]) -> set[int]:
    """Those under which a collection left that was not refused before its money came."""
    gone = DirectDebit.filter(mandate_id__in=list(mandates), state__in=IN_BATCH)
    return {
        debit.mandate_id for debit in await gone if debit.state != DebitState.REJECTED or debit.payment_id
    }


async def _debits(batch: DebitBatch) -> list[DirectDebit]:
    return await DirectDebit.filter(batch_id=batch.id).order_by("id").select_related("mandate", "invoice")


def _asked(debit: DirectDebit) -> Asked:
    mandate = debit.mandate
    return Asked(
        reference=debit.reference,
        cents=debit.cents or 0,
        sequence=debit.sequence,
        rum=mandate.rum,
        signed_on=mandate.signed_on,
        holder=mandate.holder,
        iban=mandate.account,
        bic=mandate.bic,
        about=f"Facture {debit.invoice.number}",
    )


_LEFT = "SELECT invoice_id, SUM(cents) AS total FROM leg WHERE invoice_id IN ({marks}) GROUP BY invoice_id"
_PAYING = f"""
SELECT part.invoice_id FROM payment_part AS part JOIN payment ON payment.id = part.payment_id
WHERE payment.state IN {sql_list(OPEN)} AND part.invoice_id IN ({{marks}})
"""  # noqa: S608
