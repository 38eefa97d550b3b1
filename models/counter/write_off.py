"""A sum that a till gives up: who said so, why, of which invoice or debt."""

from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.checkout.submission import Stale
from models.commune.till import Till
from models.families.family import Family
from models.french.payments import WRITTEN_OFF
from models.money import amounts_due, ledger
from models.money.amounts_due import DueKind
from models.money.invoice import Invoice
from models.money.ledger import Entry
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.storage.database import retrying
from models.storage.fields import Instant
from models.work.audit_log import Event


class WriteOff(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "write_offs", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "write_offs", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "write_offs", null=True, on_delete=fields.RESTRICT
    )
    entry: fields.ForeignKeyNullableRelation[Entry] = fields.ForeignKeyField(
        "models.Entry", "write_offs", null=True, on_delete=fields.RESTRICT
    )  # the debt from before the portal that it is of
    cents = fields.IntField()
    reason = fields.CharField(max_length=300)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "write_offs", on_delete=fields.RESTRICT
    )
    at = Instant()
    click = fields.CharField(max_length=64)  # the form's nonce

    family_id: int
    till_id: int
    invoice_id: int | None
    entry_id: int | None
    member_id: int

    class Meta:
        table = "write_off"


@dataclass(frozen=True, slots=True)
class GivingUp:
    """What somebody of the mairie gives up: the key of an AmountDue, and cents of it."""

    family: int
    due: str
    cents: int
    reason: str
    click: str


async def write_off(asked: GivingUp, member: int, now: datetime) -> WriteOff:
    """The same click sent twice is one. Raises Stale: not so much of it is due (any more)."""
    return await retrying(lambda: _write_off(asked, member, now))


async def _write_off(asked: GivingUp, member: int, now: datetime) -> WriteOff:
    async with Family.turn(asked.family):
        if before := await WriteOff.get_or_none(family_id=asked.family, click=asked.click):
            return before
        found = await amounts_due.of_family(asked.family)
        due = next((due for due in found if due.key == asked.due), None)
        if due is None or not 0 < asked.cents <= due.open:
            raise Stale
        row = await WriteOff.create(
            family_id=asked.family, till_id=due.till, cents=asked.cents, reason=asked.reason, member_id=member,
            invoice_id=due.id if due.kind is DueKind.INVOICE else None,
            entry_id=due.id if due.kind is DueKind.DEBT else None, at=now, click=asked.click,
        )  # fmt: skip
        account = FamilyAccount(asked.family, due.till)
        posting = postings.written_off(account, row.id, asked.cents, row.invoice_id, WRITTEN_OFF)
        await ledger.post(posting, at=now, actor=f"member:{member}")
        await Event.note(
            now, f"member:{member}", "counter.written_off", f"write_off:{row.id}", asked.family,
            due=asked.due, cents=asked.cents, reason=asked.reason,
        )  # fmt: skip
    return row
