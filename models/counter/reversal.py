"""A taking that is taken back (contre-passation): both entries stay, with who said so and why."""

from datetime import date, datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.counter import closing
from models.counter.receipt import Receipt
from models.families.family import Family
from models.french.payments import reversed_label
from models.money import ledger
from models.money.payment import Payment, PaymentPart
from models.rules import postings
from models.rules.postings import COUNTER, FamilyAccount
from models.rules.states.payments import PartKind, PaymentMethod
from models.storage.database import retrying, rows
from models.storage.fields import Instant
from models.work.audit_log import Event


class AlreadyReversed(Exception):
    """This taking was taken back before."""


class NotEnoughCash(Exception):
    """The drawer holds less than what would have to be given back: `held`, in cents."""

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held


class Reversal(Model):
    id = fields.IntField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "reversals", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "reversals", on_delete=fields.RESTRICT
    )
    day = fields.DateField()  # of the till
    at = Instant()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "reversals", on_delete=fields.RESTRICT
    )
    reason = fields.CharField(max_length=300)
    from_bank = fields.BooleanField()  # it was at the bank already: a cheque that came back unpaid, say

    payment_id: int
    till_id: int
    member_id: int

    class Meta:
        table = "reversal"


async def reverse(receipt: Receipt, reason: str, member: int, now: datetime) -> Reversal:
    """Raises AlreadyReversed, NotEnoughCash."""
    return await retrying(lambda: _reverse(receipt, reason, member, now))


async def _reverse(receipt: Receipt, reason: str, member: int, now: datetime) -> Reversal:
    payment = await Payment.get(id=receipt.payment_id)
    async with Family.turn(payment.family_id):
        return await enter(receipt, payment, reason, member, now)


async def enter(receipt: Receipt, payment: Payment, reason: str, member: int, now: datetime) -> Reversal:
    """As `reverse`, inside a transaction, after Family.lock."""
    await Till.lock(receipt.till_id)
    if await Reversal.exists(payment_id=payment.id):
        raise AlreadyReversed
    day = await closing.open_day(receipt.till_id, now.date())
    method = PaymentMethod(payment.method)
    at_bank = method is PaymentMethod.CARD or bool(await rows(_AT_BANK, [receipt.id, payment.id]))
    await _check_drawer(payment, day)
    row = await Reversal.create(
        payment_id=payment.id, till_id=receipt.till_id, day=day, at=now, member_id=member,
        reason=reason, from_bank=at_bank,
    )  # fmt: skip
    place = postings.bank_account(COUNTER, receipt.till_id)
    if not at_bank:
        place = postings.counter_account(method, receipt.till_id)
    account = FamilyAccount(payment.family_id, payment.till_id)
    invoices = {
        part.invoice_id: part.cents
        for part in await PaymentPart.filter(payment_id=payment.id, kind=PartKind.INVOICE)
        if part.invoice_id
    }
    label = reversed_label(receipt.number)
    posting = postings.taking_reversed(account, payment.id, place, payment.cents, invoices, label)
    await ledger.post(posting, at=now, actor=f"member:{member}")
    await Event.note(
        now, f"member:{member}", "counter.reversed", f"receipt:{receipt.id}", payment.family_id,
        number=receipt.number, cents=payment.cents, reason=reason,
    )  # fmt: skip
    return row


async def _check_drawer(payment: Payment, day: date) -> None:
    if payment.method != PaymentMethod.CASH:
        return
    held = await closing.cash_of(payment.till_id, day)
    if held < payment.cents:
        raise NotEnoughCash(held)


_AT_BANK = """
SELECT id FROM deposited_receipt WHERE receipt_id = ? UNION ALL SELECT id FROM bank_match
WHERE payment_id = ? AND undone_at IS NULL
"""
