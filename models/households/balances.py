"""What stands on a closed file's account is the other file's: at the merge, and each night for what came later."""

from datetime import datetime
from functools import partial

from models.families.family import Family
from models.families.file.merge import MergedBalance
from models.money import ledger
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.storage.database import retrying, rows, transaction


async def carry(closed: Family, into: Family, actor: str, now: datetime) -> int:
    """How many sums moved. Call inside a transaction, after Family.lock of both."""
    standing = await rows(_STANDING, [closed.id])
    for row in standing:
        till, invoice, cents = row["till_id"], row["invoice_id"], int(row["cents"])
        moved = await MergedBalance.create(
            family_id=closed.id, into_id=into.id, till_id=till, invoice_id=invoice, cents=cents, at=now
        )
        label = f"Solde du dossier {closed.number}, réuni au dossier {into.number}"
        posting = postings.merged(
            FamilyAccount(closed.id, till), FamilyAccount(into.id, till), moved.id, cents, invoice, label
        )
        await ledger.post(posting, at=now, actor=actor)
    return len(standing)


async def carry_late(now: datetime) -> int:
    """A debit that came back, a late payment, a corrected roll call: how many sums moved."""
    return sum([await retrying(partial(_carry, row["id"], now)) for row in await rows(_LATE)])


async def _carry(id: int, now: datetime) -> int:
    closed = await Family.get(id=id)
    [row] = await rows("SELECT into_id FROM family_merge WHERE family_id = ?", [id])
    into = await Family.get(id=row["into_id"])
    async with transaction():
        await Family.lock(closed.id, into.id)
        return await carry(closed, into, "clock", now)


_STANDING = """
SELECT account.till_id, leg.invoice_id, SUM(leg.cents) AS cents FROM leg JOIN account ON account.id = leg.account_id
WHERE account.family_id = ? AND account.kind = 'family' GROUP BY account.till_id, leg.invoice_id
HAVING SUM(leg.cents) <> 0 ORDER BY account.till_id, leg.invoice_id
"""
_LATE = """
SELECT DISTINCT account.family_id AS id FROM leg JOIN account ON account.id = leg.account_id
JOIN family_merge ON family_merge.family_id = account.family_id WHERE account.kind = 'family'
GROUP BY account.family_id, account.till_id, leg.invoice_id HAVING SUM(leg.cents) <> 0
"""
