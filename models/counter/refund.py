"""A family's avoir is given back: asked for, then sent by a transfer or refused. Meanwhile nobody can spend it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.families.family import Family
from models.french.payments import REFUND_ASKED, REFUND_REFUSED, REFUND_SENT
from models.money import amounts_due, ledger
from models.rules import postings
from models.rules.postings import FamilyAccount, Posting
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import RefundState
from models.storage.database import as_instant, retrying, rows, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice


class NoSuchCredit(Exception):
    """`credit`: the family's avoir at this till, in cents."""

    def __init__(self, credit: int) -> None:
        super().__init__(credit)
        self.credit = credit


class AlreadyAnswered(Exception):
    """It was sent or refused before."""


class Refund(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "refunds", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "refunds", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()
    reason = fields.CharField(max_length=300)
    asked_by = fields.CharField(max_length=100)  # as the journal names them: "guardian:3", "member:1"
    asked_at = Instant()
    click = fields.CharField(max_length=64)  # the form's nonce
    state = fields.CharField(max_length=10, default=RefundState.REQUESTED.value)
    answered_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "refunds", null=True, on_delete=fields.RESTRICT
    )
    answered_at = Instant(null=True)
    answer = fields.CharField(max_length=300, null=True)  # why it was refused

    family_id: int
    till_id: int
    answered_by_id: int | None

    class Meta:
        table = "refund"


@dataclass(frozen=True, slots=True)
class Wish:
    """Cents of the avoir at a till that a family is to be given back."""

    family: int
    till: int
    cents: int
    reason: str
    click: str


async def ask(wish: Wish, actor: str, now: datetime) -> Refund:
    """The avoir is set aside. The same click sent twice is one. Raises NoSuchCredit."""
    return await retrying(lambda: _ask(wish, actor, now))


async def _ask(wish: Wish, actor: str, now: datetime) -> Refund:
    async with Family.turn(wish.family):
        if before := await Refund.get_or_none(family_id=wish.family, click=wish.click):
            return before
        credit = (await amounts_due.credits_of(wish.family)).get(wish.till, 0)
        if not 0 < wish.cents <= credit:
            raise NoSuchCredit(credit)
        row = await Refund.create(
            family_id=wish.family, till_id=wish.till, cents=wish.cents, reason=wish.reason, asked_by=actor,
            asked_at=now, click=wish.click,
        )  # fmt: skip
        account = FamilyAccount(wish.family, wish.till)
        await ledger.post(
            postings.refund_asked(account, row.id, wish.cents, REFUND_ASKED), at=now, actor=actor
        )
        await Event.note(
            now, actor, "refund.asked", f"refund:{row.id}", wish.family, cents=wish.cents, reason=wish.reason
        )
    return row


async def send(id: int, member: int, now: datetime) -> None:
    """The transfer left. Raises LookupError, AlreadyAnswered."""
    await retrying(lambda: _answer(id, RefundState.SENT, None, member, now))


async def refuse(id: int, why: str, member: int, now: datetime) -> None:
    """The avoir is the family's again. Raises LookupError, AlreadyAnswered."""
    await retrying(lambda: _answer(id, RefundState.REFUSED, why, member, now))


async def _answer(id: int, state: RefundState, why: str | None, member: int, now: datetime) -> None:
    row = await Refund.get_or_none(id=id)
    if row is None:
        raise LookupError(id)
    async with transaction():
        await Family.lock(row.family_id)
        answered = {"state": state, "answered_by_id": member, "answered_at": now, "answer": why}
        if not await Refund.filter(id=id, state=RefundState.REQUESTED).update(**answered):
            raise AlreadyAnswered
        await ledger.post(_answered(row, state), at=now, actor=f"member:{member}")
        await Event.note(
            now,
            f"member:{member}",
            f"refund.{state}",
            f"refund:{id}",
            row.family_id,
            cents=row.cents,
            why=why,
        )
        await Notice.say(NoticeKind.REFUND_ANSWERED, row.family_id, f"refund:{id}", now)


def _answered(row: Refund, state: RefundState) -> Posting:
    if state is RefundState.SENT:
        return postings.refund_sent(row.till_id, row.id, row.cents, REFUND_SENT)
    return postings.refund_refused(
        FamilyAccount(row.family_id, row.till_id), row.id, row.cents, REFUND_REFUSED
    )


@dataclass(frozen=True, slots=True)
class RefundLine:
    """As the mairie's list shows it; `name` is the family's first parent."""

    id: int
    family: int
    number: str
    name: str
    till: str
    cents: int
    reason: str
    by_parent: bool
    asked_at: datetime
    state: RefundState
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None


async def waiting() -> list[RefundLine]:
    """The oldest first."""
    return await _lines(f"refund.state = '{RefundState.REQUESTED}' ORDER BY refund.id LIMIT 200")


async def answered() -> list[RefundLine]:
    """The last ones, the newest first."""
    return await _lines(
        f"refund.state <> '{RefundState.REQUESTED}' ORDER BY refund.answered_at DESC, refund.id LIMIT 50"
    )


async def number_waiting() -> int:
    return await Refund.filter(state=RefundState.REQUESTED).count()


async def _lines(condition: str) -> list[RefundLine]:
    """`condition` is ours, never a visitor's."""
    return [_line(row) for row in await rows(f"{_LINES} WHERE {condition}")]


def _line(row: dict[str, Any]) -> RefundLine:
    return RefundLine(
        **{
            **row,
            "by_parent": bool(row["by_parent"]),
            "asked_at": cast(datetime, as_instant(row["asked_at"])),
            "answered_at": as_instant(row["answered_at"]),
            "state": RefundState(row["state"]),
        }
    )


_LINES = """
SELECT refund.id, refund.family_id AS family, family.number, COALESCE((SELECT guardian.first_name || ' ' ||
    guardian.last_name FROM guardian WHERE guardian.family_id = family.id
    ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name,
  till.name AS till, refund.cents, refund.reason, CASE WHEN refund.asked_by LIKE 'guardian:%' THEN 1 ELSE 0 END
    AS by_parent, refund.asked_at, refund.state, refund.answered_at, member.name AS answered_by, refund.answer
FROM refund JOIN family ON family.id = refund.family_id JOIN till ON till.id = refund.till_id
LEFT JOIN member ON member.id = refund.answered_by_id"""
