"""The bank of who pays refuses a collection, or takes it back within its weeks: the invoice is to be paid again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.direct_debit.debit import DirectDebit
from models.families.family import Family
from models.money import ledger
from models.money.anomaly import Anomaly
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.rules.states.debits import REJECTABLE, DebitState
from models.rules.states.notices import NoticeKind
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice


@dataclass(frozen=True, slots=True)
class Reject:
    debit: int
    reason: str  # the bank's code, « AM04 »


async def reject(rejects: Sequence[Reject], actor: str, now: datetime) -> int:
    """All of them or none; how many were new. What was rejected before stays as it was.

    Raises LookupError: a debit that never left, or that there is not.
    """
    return await retrying(lambda: _reject(rejects, actor, now))


async def _reject(rejects: Sequence[Reject], actor: str, now: datetime) -> int:
    wanted = {one.debit: one.reason for one in rejects}
    debits = await DirectDebit.filter(id__in=list(wanted)).select_related("mandate").order_by("id")
    if len(debits) != len(wanted):
        raise LookupError(sorted(set(wanted) - {debit.id for debit in debits}))
    changed = 0
    async with transaction():
        await Family.lock(*(debit.mandate.family_id for debit in debits))
        for debit in debits:
            changed += await _take_back(debit, wanted[debit.id], actor, now)
    return changed


async def _take_back(debit: DirectDebit, reason: str, actor: str, now: datetime) -> bool:
    mine = DirectDebit.filter(id=debit.id)
    if not await mine.filter(state__in=REJECTABLE).update(
        state=DebitState.REJECTED, reason=reason, rejected_at=now
    ):
        if await mine.filter(state=DebitState.REJECTED).exists():
            return False
        raise LookupError(debit.id)
    current = await DirectDebit.get(id=debit.id)
    account = FamilyAccount(debit.mandate.family_id, debit.mandate.till_id)
    if current.payment_id:
        posting = postings.debit_reversed(account, current.payment_id, debit.invoice_id, current.cents or 0)
        await ledger.post(posting, at=now, actor=actor)
    told = {"reason": reason, "cents": current.cents, "payment": current.payment_id}
    await Event.note(now, actor, "debit.rejected", f"debit:{debit.id}", account.family, **told)
    await Anomaly.note(
        "rejected", f"debit:{debit.id}", now, actor,
        family=account.family, payment=current.payment_id, reference=debit.reference, cents=current.cents,
    )  # fmt: skip
    await Notice.say(NoticeKind.DEBIT_REJECTED, account.family, f"debit:{debit.id}", now)
    return True
