"""A family's avoir is given back: asked for, then sent by some means or refused. Meanwhile nobody can spend it."""

from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.families.family import Family
from models.french.payments import REFUND_ASKED, REFUND_REFUSED, REFUND_SENT
from models.money import amounts_due, ledger
from models.rules import postings
from models.rules.postings import COUNTER, FamilyAccount, Posting
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import PaymentMethod, RefundState
from models.rules.till import refunding
from models.storage.database import retrying
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
    method = fields.CharField(
        max_length=10, default=PaymentMethod.TRANSFER.value, db_default=PaymentMethod.TRANSFER.value
    )  # a PaymentMethod: by which it was sent

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
        await ledger.post(refunding.asked(account, row.id, wish.cents, REFUND_ASKED), at=now, actor=actor)
        await Event.note(
            now, actor, "refund.asked", f"refund:{row.id}", wish.family, cents=wish.cents, reason=wish.reason
        )
    return row


async def send(id: int, member: int, now: datetime) -> None:
    """The transfer left. Raises LookupError, AlreadyAnswered."""
    await retrying(lambda: _answer(id, Ending(RefundState.SENT, member), now))


async def refuse(id: int, why: str, member: int, now: datetime) -> None:
    """The avoir is the family's again. Raises LookupError, AlreadyAnswered."""
    await retrying(lambda: _answer(id, Ending(RefundState.REFUSED, member, why), now))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a refund ends: by whom, why it was refused, or by what means it left, and from which account."""

    state: RefundState
    member: int
    why: str | None = None
    method: PaymentMethod = PaymentMethod.TRANSFER
    account: str = ""  # of the ledger; "": the till's bank
    label: str = REFUND_SENT


async def found(id: int) -> Refund:
    """Raises LookupError."""
    row = await Refund.get_or_none(id=id)
    if row is None:
        raise LookupError(id)
    return row


async def _answer(id: int, ending: Ending, now: datetime) -> None:
    row = await found(id)
    async with Family.turn(row.family_id):
        await end(row, ending, RefundState.REQUESTED, now)


async def end(row: Refund, ending: Ending, before: RefundState, now: datetime) -> None:
    """It was `before` until now. Call inside a transaction, after Family.lock. Raises AlreadyAnswered."""
    actor = f"member:{ending.member}"
    changed = await Refund.filter(id=row.id, state=before).update(
        state=ending.state,
        answered_by_id=ending.member,
        answered_at=now,
        answer=ending.why,
        method=ending.method,
    )
    if not changed:
        raise AlreadyAnswered
    await ledger.post(_posting(row, ending), at=now, actor=actor)
    said = {"cents": row.cents, "why": ending.why, "method": ending.method}
    await Event.note(now, actor, f"refund.{ending.state}", f"refund:{row.id}", row.family_id, **said)
    await Notice.say(NoticeKind.REFUND_ANSWERED, row.family_id, f"refund:{row.id}", now)


def _posting(row: Refund, ending: Ending) -> Posting:
    if ending.state is RefundState.SENT:
        place = ending.account or postings.bank_account(COUNTER, row.till_id)
        return refunding.sent(row.till_id, row.id, row.cents, place, ending.label)
    account = FamilyAccount(row.family_id, row.till_id)
    return refunding.refused(account, row.id, row.cents, REFUND_REFUSED)
