"""A line of the bank beside what the till awaited: a deposit that arrived, a transfer that a counter took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.counter.bank_line import BankLine
from models.counter.deposit import Deposit
from models.french.payments import NOT_AT_BANK, SEEN_AT_BANK
from models.money import ledger
from models.money.payment import Payment
from models.rules import postings
from models.rules.postings import COUNTER
from models.rules.states.payments import PaymentMethod
from models.rules.till.reconciling import Awaited, Line
from models.storage.database import as_date, retrying, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

DEPOSIT, TRANSFER = "remise", "virement"  # of an Awaited's key


class MatchedMeanwhile(Exception):
    """A line or a sum is matched already, was taken back, or is of another amount."""


class TakenBackSince(Exception):
    """The transfer was taken back when the bank had it already: the match has to stay."""


class BankMatch(Model):
    id = fields.IntField(primary_key=True)
    line: fields.ForeignKeyRelation[BankLine] = fields.ForeignKeyField(
        "models.BankLine", "matches", on_delete=fields.RESTRICT
    )
    deposit: fields.ForeignKeyNullableRelation[Deposit] = fields.ForeignKeyField(
        "models.Deposit", "matches", null=True, on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "matches", null=True, on_delete=fields.RESTRICT
    )  # a transfer; one of the two is there
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "matches", on_delete=fields.RESTRICT
    )
    at = Instant()
    # A match that was wrong is undone, with the reason: the line and the sum wait again.
    undone_at = Instant(null=True)
    undone_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "undone_matches", null=True, on_delete=fields.RESTRICT
    )
    reason = fields.CharField(max_length=300, default="", db_default="")

    line_id: int
    deposit_id: int | None
    payment_id: int | None
    member_id: int
    undone_by_id: int | None

    class Meta:
        table = "bank_match"


@dataclass(frozen=True, slots=True)
class Matched:
    id: int
    day: date  # of the bank
    label: str
    cents: int
    number: str  # of the deposit, or of the receipt of the transfer
    payer: str  # of the transfer; "" of a deposit
    member: str
    at: datetime


async def open_lines(till: int) -> list[Line]:
    """Lines of the bank beside which nothing stands yet, the oldest first."""
    return [
        Line(row["id"], as_date(row["day"]), row["label"], row["cents"]) for row in await rows(_OPEN, [till])
    ]


async def awaited(till: int) -> dict[Awaited, str]:
    """What the bank has not shown yet, the oldest first: with the name of its payer, "" for a deposit."""
    return {
        Awaited(row["key"], as_date(row["day"]), row["cents"], (row["number"], row["payer"])): row["payer"]
        for row in await rows(_AWAITED, [till, till])
    }


async def matched(till: int, most: int) -> list[Matched]:
    """The last ones, the newest first."""
    found = (
        BankMatch.filter(line__till_id=till, undone_at=None)
        .order_by("-id")
        .limit(most)
        .select_related("line", "deposit", "member")
    )
    matches = await found
    receipts = {row["payment_id"]: row for row in await rows(_RECEIPTS, [till])}
    return [_matched(one, receipts) for one in matches]


async def confirm(till: int, pairs: Mapping[int, str], member: int, now: datetime) -> int:
    """How many lines are matched now that were not. `pairs`: by line, the key of an Awaited; all of them or none.

    What was matched just so before is left as it is. Raises MatchedMeanwhile.
    """
    return await retrying(lambda: _confirm(till, pairs, member, now))


async def _confirm(till: int, pairs: Mapping[int, str], member: int, now: datetime) -> int:
    async with transaction():
        await Till.lock(till)
        there = await BankMatch.filter(line__till_id=till, line_id__in=list(pairs), undone_at=None)
        left = {line: key for line, key in pairs.items() if key not in _keys_of(there, line)}
        lines = {line.id: line for line in await open_lines(till)}
        waiting = {one.key: one for one in await awaited(till)}
        for line, key in left.items():
            if line not in lines or key not in waiting or lines[line].cents != waiting[key].cents:
                raise MatchedMeanwhile
        if len(set(left.values())) < len(left):
            raise MatchedMeanwhile
        for line, key in left.items():
            await _match(till, lines[line], key, member, now)
    return len(left)


def _keys_of(matches: Sequence[BankMatch], line: int) -> list[str]:
    return [
        f"{DEPOSIT}-{one.deposit_id}" if one.deposit_id else f"{TRANSFER}-{one.payment_id}"
        for one in matches
        if one.line_id == line
    ]


async def _match(till: int, line: Line, key: str, member: int, now: datetime) -> None:
    kind, _, id = key.partition("-")
    is_transfer = kind == TRANSFER
    made = await BankMatch.create(
        line_id=line.id, deposit_id=None if is_transfer else int(id), member_id=member, at=now,
        payment_id=int(id) if is_transfer else None,
    )  # fmt: skip
    if is_transfer:
        posting = postings.transfer_seen(till, made.id, line.cents, SEEN_AT_BANK)
        await ledger.post(posting, at=now, actor=f"member:{member}")
    await Event.note(
        now, f"member:{member}", "bank.matched", f"bank_match:{made.id}",
        till=till, line=line.id, what=key, cents=line.cents,
    )  # fmt: skip


async def undo(id: int, reason: str, member: int, now: datetime) -> int:
    """The till of it. Raises LookupError, MatchedMeanwhile (it was undone before), TakenBackSince."""
    return await retrying(lambda: _undo(id, reason, member, now))


async def _undo(id: int, reason: str, member: int, now: datetime) -> int:
    made = await BankMatch.get_or_none(id=id).select_related("line")
    if made is None:
        raise LookupError(id)
    till = made.line.till_id
    async with transaction():
        await Till.lock(till)
        if made.payment_id and await rows("SELECT id FROM reversal WHERE payment_id = ?", [made.payment_id]):
            raise TakenBackSince
        mine = BankMatch.filter(id=id, undone_at=None)
        if not await mine.update(undone_at=now, undone_by_id=member, reason=reason):
            raise MatchedMeanwhile
        if made.payment_id:
            posting = postings.transfer_unseen(till, id, made.line.cents, NOT_AT_BANK)
            await ledger.post(posting, at=now, actor=f"member:{member}")
        await Event.note(
            now,
            f"member:{member}",
            "bank.unmatched",
            f"bank_match:{id}",
            till=till,
            line=made.line_id,
            reason=reason,
        )
    return till


def _matched(one: BankMatch, receipts: Mapping[int, Mapping[str, str]]) -> Matched:
    number, payer = one.deposit.number if one.deposit else "", ""
    if one.payment_id:
        number, payer = receipts[one.payment_id]["number"], receipts[one.payment_id]["payer"]
    line = one.line
    return Matched(one.id, line.day, line.label, line.cents, number, payer, one.member.name, one.at)


_OPEN = """
SELECT id, day, label, cents FROM bank_line WHERE till_id = ?
  AND NOT EXISTS (SELECT 1 FROM bank_match WHERE bank_match.line_id = bank_line.id AND undone_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM bank_aside WHERE bank_aside.line_id = bank_line.id AND ended_at IS NULL)
ORDER BY day, id
"""
_TRANSFERS = f"""FROM receipt JOIN payment ON payment.id = receipt.payment_id
WHERE receipt.till_id = ? AND payment.provider = '{COUNTER}' AND payment.method = '{PaymentMethod.TRANSFER}'"""
_AWAITED = f"""
SELECT '{DEPOSIT}-' || deposit.id AS key, deposit.day AS day, deposit.cents AS cents, deposit.number AS number,
  '' AS payer
FROM deposit WHERE deposit.till_id = ?
  AND NOT EXISTS (SELECT 1 FROM bank_match WHERE bank_match.deposit_id = deposit.id AND undone_at IS NULL)
UNION ALL
SELECT '{TRANSFER}-' || payment.id, receipt.day, payment.cents, receipt.number, receipt.payer {_TRANSFERS}
  AND NOT EXISTS (SELECT 1 FROM bank_match WHERE bank_match.payment_id = payment.id AND undone_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.payment_id = payment.id)
ORDER BY day, key
"""  # noqa: S608
_RECEIPTS = f"SELECT receipt.payment_id, receipt.number, receipt.payer {_TRANSFERS}"
