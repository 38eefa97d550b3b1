"""A numbered receipt: what the counter of a till took. It never changes; a mistake is a reversal."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.money.payment import Payment
from models.storage.fields import Instant


class Receipt(Model):
    id = fields.IntField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "receipts", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "receipts", on_delete=fields.RESTRICT
    )
    number = fields.CharField(max_length=60)
    series_year = fields.IntField()  # 0: the count goes on for ever
    rank = fields.IntField()  # in its series
    day = fields.DateField()  # of the till: the next open one, once today is closed
    taken_at = Instant()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "receipts", on_delete=fields.RESTRICT
    )
    payer = fields.CharField(max_length=200)  # as printed
    tendered = fields.IntField(null=True)  # cents: what was handed over in cash, when change was given
    paper_number = fields.CharField(max_length=60)  # of a cheque, of CESU, or as a list names it; else ""
    bank = fields.CharField(max_length=100)  # of a cheque
    drawer = fields.CharField(max_length=200)  # who signed the cheque

    payment_id: int
    till_id: int
    member_id: int

    class Meta:
        table = "receipt"
