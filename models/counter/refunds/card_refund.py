"""An avoir that goes back on the card that paid: ordered from the bank, once, and heard of before it is in the books.

The order is written before the bank is told. While the bank is away it waits; when an answer was lost, the bank is
asked what it gave back so far before it is told again, and where it cannot say, somebody looks it up.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import banks
from models.access.member import Member
from models.banks import Bank, UnknownBank
from models.banks.giving_back import BankRefused, GiveBack, GivesBack
from models.commune.till import Till
from models.counter.refunds import refund
from models.counter.refunds.refund import AlreadyAnswered, Ending, Refund
from models.families.family import Family
from models.french.payments import BANK_CHANGED, REFUND_ON_CARD
from models.money.payment import Payment
from models.rules import postings
from models.rules.postings import COUNTER
from models.rules.states.payments import (
    UNDER_WAY,
    CardRefundState,
    PaymentMethod,
    PaymentState,
    RefundState,
)
from models.storage.database import marks, retrying, rows, sql_list
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.task import Task


class NotRefundable(Exception):
    """The card did not pay as much, or it was given back meanwhile, or its bank cannot."""


class CardRefund(Model):
    id = fields.IntField(primary_key=True)
    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", "card_refunds", on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "card_refunds", on_delete=fields.RESTRICT
    )  # whose card gets it back
    state = fields.CharField(max_length=10, default=CardRefundState.ORDERED.value)
    ordered_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "card_refunds", on_delete=fields.RESTRICT
    )
    ordered_at = Instant()
    tries = fields.IntField(default=0, db_default=0)  # how often the bank was told
    ended_at = Instant(null=True)
    said = fields.CharField(max_length=100, default="", db_default="")  # by the bank: its number, or why not

    refund_id: int
    payment_id: int
    ordered_by_id: int

    class Meta:
        table = "card_refund"


@dataclass(frozen=True, slots=True)
class CardPaid:
    """A payment by card, and how much of it can still be given back, in cents."""

    payment: int
    paid_at: datetime
    card: str
    left: int


async def choices(row: Refund) -> list[CardPaid]:
    """The payments whose card can get all of this refund back, the newest first; none where the bank cannot."""
    return (await choices_of([row])).get(row.id, [])


async def choices_of(refunds: list[Refund]) -> dict[int, list[CardPaid]]:
    """By refund, in a constant number of questions."""
    tills = {till.id: till for till in await Till.filter(id__in={row.till_id for row in refunds})}
    paid = Payment.filter(
        family_id__in={row.family_id for row in refunds}, till_id__in=able(list(tills.values())),
        state=PaymentState.PAID, method=PaymentMethod.CARD,
    ).exclude(provider=COUNTER)  # fmt: skip
    payments = await paid.order_by("-paid_at", "-id")
    back = await _given_back([payment.id for payment in payments])
    banks_of = {id: banks.of_till(till) for id, till in tills.items()}
    return {
        row.id: [
            CardPaid(payment.id, payment.paid_at, payment.card or "", left)
            for payment in payments
            if _is_of(payment, row, banks_of[row.till_id])
            and (left := _left(payment, back.get(payment.id, _NOTHING))) >= row.cents
        ]
        for row in refunds
    }


def _is_of(payment: Payment, row: Refund, bank: Bank | None) -> bool:
    same = (payment.family_id, payment.till_id) == (row.family_id, row.till_id)
    return same and bank is not None and payment.provider == bank.name


def _left(payment: Payment, back: "_Back") -> int:
    """One sum after the other, or nobody could tell which of them the bank gave back."""
    return 0 if back.under_way else payment.cents - back.done


def able(tills: list[Till]) -> set[int]:
    """Ids of those whose bank can give money back on a card."""
    return {till.id for till in tills if isinstance(banks.of_till(till), GivesBack)}


async def order(id: int, payment: int, member: int, now: datetime) -> CardRefund:
    """Raises LookupError, AlreadyAnswered, NotRefundable."""
    return await retrying(lambda: _order(id, payment, member, now))


async def _order(id: int, payment: int, member: int, now: datetime) -> CardRefund:
    row = await refund.found(id)
    async with Family.turn(row.family_id):
        changed = await Refund.filter(id=id, state=RefundState.REQUESTED).update(state=RefundState.ORDERED)
        if not changed:
            raise AlreadyAnswered
        if payment not in {one.payment for one in await choices(row)}:
            raise NotRefundable
        made = await CardRefund.create(refund_id=id, payment_id=payment, ordered_by_id=member, ordered_at=now)
        await Event.note(
            now, f"member:{member}", "refund.ordered", f"card_refund:{made.id}", row.family_id,
            cents=row.cents, payment=payment,
        )  # fmt: skip
        await Task.later("refund_card", made.id, key=f"refund-card:{made.id}")
    return made


async def carry_out(id: int, now: datetime) -> None:
    """Tell the bank. Raises BankSilent while it is away: another try may help."""
    row = await CardRefund.get(id=id).select_related("payment", "refund")
    if row.state != CardRefundState.ORDERED:
        return
    bank = await _bank(row.payment)
    if bank is None:
        return await (_doubt(row, now) if row.tries else _refused(row, BANK_CHANGED, row.payment.actor, now))
    await _tell(bank, row, now)


async def _bank(payment: Payment) -> GivesBack | None:
    try:
        bank = await payment.bank()
    except UnknownBank:
        return None
    return bank if isinstance(bank, GivesBack) else None


async def _tell(bank: GivesBack, row: CardRefund, now: datetime) -> None:
    before = (await _given_back([row.payment_id]))[row.payment_id].done
    payment = row.payment
    wish = GiveBack(payment.reference, payment.transaction or "", payment.cents, row.refund.cents, before)
    if row.tries:  # its answer was lost: the bank may have done it
        back = await bank.given_back(wish)
        if back == wish.after:
            return await _done(row, "", now)
        if back != wish.before:
            return await _doubt(row, now)
    if not await CardRefund.filter(id=row.id, state=CardRefundState.ORDERED, tries=row.tries).update(
        tries=row.tries + 1
    ):
        return  # somebody else tells it just now
    try:
        number = await bank.give_back(wish)
    except BankRefused as exc:
        return await _refused(row, str(exc), payment.actor, now)
    await _done(row, number, now)


async def settle(id: int, done: bool, member: int, now: datetime) -> None:
    """Somebody looked up at the bank what became of a doubtful order. Raises LookupError, AlreadyAnswered."""
    row = await CardRefund.get_or_none(id=id).select_related("payment", "refund")
    if row is None:
        raise LookupError(id)
    if row.state != CardRefundState.DOUBTFUL:
        raise AlreadyAnswered
    await (_done(row, "", now, member) if done else _refused(row, "", f"member:{member}", now))


async def _done(row: CardRefund, number: str, now: datetime, member: int | None = None) -> None:
    payment = row.payment
    ending = Ending(
        RefundState.SENT, member or row.ordered_by_id, method=PaymentMethod.CARD,
        account=postings.bank_account(payment.provider, payment.till_id), label=REFUND_ON_CARD,
    )  # fmt: skip

    async def once() -> None:
        async with Family.turn(payment.family_id):
            actor = f"member:{member}" if member else payment.actor
            if await _end(row, CardRefundState.GIVEN, number, actor, now):
                await refund.end(row.refund, ending, RefundState.ORDERED, now)

    await retrying(once)


async def _refused(row: CardRefund, why: str, actor: str, now: datetime) -> None:
    """The refund is to be answered again, by another means for one."""

    async def once() -> None:
        async with Family.turn(row.payment.family_id):
            if await _end(row, CardRefundState.REFUSED, why, actor, now):
                await Refund.filter(id=row.refund_id).update(state=RefundState.REQUESTED)

    await retrying(once)


async def _doubt(row: CardRefund, now: datetime) -> None:
    async def once() -> None:
        async with Family.turn(row.payment.family_id):
            if await _end(row, CardRefundState.DOUBTFUL, "", row.payment.actor, now):
                await row.payment.wonder("silent", now, row.refund.cents, f"refund:{row.id}")

    await retrying(once)


async def _end(row: CardRefund, state: CardRefundState, said: str, actor: str, now: datetime) -> bool:
    """False when it ended otherwise meanwhile."""
    changed = await CardRefund.filter(id=row.id, state=row.state).update(
        state=state, said=said[:100], ended_at=None if state is CardRefundState.DOUBTFUL else now
    )
    if changed:
        await Event.note(
            now, actor, f"refund.card_{state}", f"card_refund:{row.id}", row.payment.family_id,
            cents=row.refund.cents, said=said[:100],
        )  # fmt: skip
    return bool(changed)


async def _given_back(payments: list[int]) -> dict[int, "_Back"]:
    """What the cards of these payments got back, or are to get, by payment."""
    if not payments:
        return {}
    found = await rows(_BACK.format(marks=marks(payments)), payments)
    return {row["id"]: _Back(int(row["done"]), int(row["under_way"])) for row in found}


@dataclass(frozen=True, slots=True)
class _Back:
    """Cents."""

    done: int = 0
    under_way: int = 0


_NOTHING = _Back()
_BACK = f"""
SELECT card_refund.payment_id AS id,
  SUM(CASE WHEN card_refund.state = '{CardRefundState.GIVEN}' THEN refund.cents ELSE 0 END) AS done,
  SUM(CASE WHEN card_refund.state IN {sql_list(UNDER_WAY)} THEN refund.cents ELSE 0 END) AS under_way
FROM card_refund JOIN refund ON refund.id = card_refund.refund_id
WHERE card_refund.payment_id IN ({{marks}}) GROUP BY card_refund.payment_id
"""  # noqa: S608
