"""The close of a till's day: the cash that was counted beside the cash that should be there. Then the day is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.school_calendar import public_holidays
from models.commune.till import Till
from models.rules.states.payments import PaymentMethod
from models.rules.till import counter
from models.storage.database import retrying, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class AlreadyClosed(Exception):
    """Somebody closed this day meanwhile."""


class DayOver(Exception):
    """This day of the till, or a later one, is closed: nothing comes to it any more."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class ReasonMissing(Exception):
    """`difference`: what was counted less what should be there, in cents."""

    def __init__(self, difference: int) -> None:
        super().__init__(difference)
        self.difference = difference


class TillClosing(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "closings", on_delete=fields.RESTRICT
    )
    day = fields.DateField()
    closed_at = Instant()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "closings", on_delete=fields.RESTRICT
    )
    receipts = fields.IntField()  # how many there were that day
    taken_cents = (
        fields.IntField()
    )  # what they come to, by all means, less what was taken or given back that day
    float_cents = fields.IntField()  # the change that stays in the drawer
    expected_cents = fields.IntField()  # it, and the cash of the takings that is not at the bank
    counted_cents = fields.IntField()
    coins: Any = fields.JSONField(
        null=True
    )  # [[value in cents, how many], …]; null: only the total was typed
    reason = fields.CharField(max_length=300)  # of a difference; "" without one

    till_id: int
    member_id: int

    class Meta:
        table = "till_closing"

    @property
    def difference(self) -> int:
        return self.counted_cents - self.expected_cents


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody counted: cents, and the coins when they were counted one by one."""

    float_cents: int
    counted_cents: int
    coins: Sequence[tuple[int, int]] | None = None
    reason: str = ""


async def open_day(till: int, today: date) -> date:
    """The day that takings go on now."""
    closed = await TillClosing.filter(till_id=till, day__gte=today).values_list("day", flat=True)
    off = public_holidays(today.year, today.year + 1)
    return counter.day_of_till(today, set(closed), off.keys())  # type: ignore[arg-type]


async def is_over(till: int, day: date) -> bool:
    """Is it closed, or one after it, whose cash counted that of all days before?"""
    return await TillClosing.exists(till_id=till, day__gte=day)


async def to_close(till: int, today: date) -> date:
    """The oldest day with takings or discharges that nobody closed; the open one when there is none."""
    found = await rows(_LEFT_OPEN, [till, till])
    oldest = found[0]["day"] if found else None
    day = date.fromisoformat(oldest) if isinstance(oldest, str) else oldest
    return day or await open_day(till, today)


async def last_float(till: int) -> int:
    """Cents: the change that stayed in the drawer when the till was closed last."""
    last = await TillClosing.filter(till_id=till).order_by("-id").first()
    return last.float_cents if last else 0


async def cash_of(till: int, day: date) -> int:
    """Cents: the cash of the takings until this day, less what went out of the drawer."""
    found = await rows(_CASH, [till, day] * 4)
    return sum(int(row["cents"] or 0) for row in found)


async def close(till: int, day: date, count: Count, member: int, now: datetime) -> TillClosing:
    """Raises AlreadyClosed, ReasonMissing (the cash is not what it should be, and nobody says why)."""
    return await retrying(lambda: _close(till, day, count, member, now))


async def _close(till: int, day: date, count: Count, member: int, now: datetime) -> TillClosing:
    async with transaction():
        await Till.lock(till)
        if day != await to_close(till, now.date()):
            raise AlreadyClosed
        expected = count.float_cents + await cash_of(till, day)
        if count.counted_cents != expected and not count.reason:
            raise ReasonMissing(count.counted_cents - expected)
        receipts, taken = await _takings(till, day)
        closing = await TillClosing.create(
            till_id=till,
            day=day,
            closed_at=now,
            member_id=member,
            receipts=receipts,
            taken_cents=taken,
            float_cents=count.float_cents,
            expected_cents=expected,
            counted_cents=count.counted_cents,
            coins=count.coins,
            reason=count.reason if count.counted_cents != expected else "",
        )
        await Event.note(
            now, f"member:{member}", "till.closed", f"till_closing:{closing.id}", day=str(day), till=till,
            expected=expected, counted=count.counted_cents, reason=closing.reason,
        )  # fmt: skip
    return closing


async def _takings(till: int, day: date) -> tuple[int, int]:
    """How many receipts of the day, and what they come to in cents, less what was taken or given back that day."""
    found = await rows(_TAKINGS, [till, day] * 4)
    return int(found[0]["receipts"]), int(found[0]["taken_cents"])


_TAKINGS = """
SELECT (SELECT COUNT(*) FROM receipt WHERE till_id = ? AND day = ?) AS receipts,
  COALESCE((SELECT SUM(payment.cents) FROM receipt JOIN payment ON payment.id = receipt.payment_id
    WHERE receipt.till_id = ? AND receipt.day = ?), 0)
  - COALESCE((SELECT SUM(payment.cents) FROM reversal JOIN payment ON payment.id = reversal.payment_id
    WHERE reversal.till_id = ? AND reversal.day = ?), 0)
  - COALESCE((SELECT SUM(refund.cents) FROM discharge JOIN refund ON refund.id = discharge.refund_id
    WHERE discharge.till_id = ? AND discharge.day = ?), 0) AS taken_cents
"""

_CASH = f"""
SELECT SUM(payment.cents) AS cents FROM receipt JOIN payment ON payment.id = receipt.payment_id
WHERE payment.method = '{PaymentMethod.CASH}' AND receipt.till_id = ? AND receipt.day <= ?
UNION ALL
SELECT -SUM(payment.cents) FROM reversal JOIN payment ON payment.id = reversal.payment_id
WHERE payment.method = '{PaymentMethod.CASH}' AND reversal.till_id = ? AND reversal.day <= ?
UNION ALL
SELECT -SUM(refund.cents) FROM discharge JOIN refund ON refund.id = discharge.refund_id
WHERE discharge.till_id = ? AND discharge.day <= ?
UNION ALL
SELECT -SUM(deposit.cash_cents) FROM deposit WHERE deposit.till_id = ? AND deposit.day <= ?
"""  # noqa: S608

_LEFT_OPEN = """
SELECT MIN(moved.day) AS day FROM (
  SELECT till_id, day FROM receipt WHERE till_id = ? UNION ALL SELECT till_id, day FROM discharge WHERE till_id = ?
) AS moved WHERE NOT EXISTS (
  SELECT 1 FROM till_closing WHERE till_closing.till_id = moved.till_id AND till_closing.day = moved.day)
"""
