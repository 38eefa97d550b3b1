"""An avoir that paid (some of) an issued invoice, without any bank: who asked for it, when, how much."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.money import ledger
from models.money.invoice import Invoice
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.storage.fields import Instant


class CreditUse(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "credit_uses", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "credit_uses", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()
    click = fields.CharField(max_length=64)  # the form's nonce
    actor = fields.CharField(max_length=100)
    at = Instant()

    family_id: int
    invoice_id: int

    class Meta:
        table = "credit_use"

    @classmethod
    async def apply(
        cls, account: FamilyAccount, invoice: int, cents: int, click: str, now: datetime, actor: str
    ) -> None:
        """The credit pays this much of the invoice. Call inside a transaction, after Family.lock and with the
        account looked at: nothing here asks whether there is so much credit, or so much to pay."""
        use = await cls.create(
            family_id=account.family, invoice_id=invoice, cents=cents, click=click, actor=actor, at=now
        )
        await ledger.post(postings.credit_applied(account, use.id, invoice, cents), at=now, actor=actor)
