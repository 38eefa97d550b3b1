"""An attempt to pay an order by card: created → redirected → refused | cancelled | expired → paid, which is final."""

from tortoise import fields
from tortoise.models import Model

from models.family import Family
from models.fields import Instant
from models.guardian import Guardian
from models.order import Order
from models.till import Till

OPEN = ("created", "redirected")
NOT_PAID = ("created", "redirected", "refused", "cancelled", "expired")


class Payment(Model):
    id = fields.IntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", "payments", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "payments", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "payments", on_delete=fields.RESTRICT
    )
    started_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "payments", null=True, on_delete=fields.SET_NULL
    )
    provider = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=30)  # ours, unique; what the bank shows and sends back
    bank_url = fields.CharField(max_length=500, null=True)
    state = fields.CharField(max_length=12, default="created")
    cents = fields.IntField()
    card = fields.CharField(max_length=30, null=True)  # masked
    authorisation = fields.CharField(max_length=30, null=True)
    transaction = fields.CharField(max_length=60, null=True)
    anomaly = fields.CharField(max_length=200, null=True)  # paid too late, paid twice: what the mairie should know
    made_at = Instant()
    paid_at = Instant(null=True)

    order_id: int
    family_id: int
    till_id: int
    started_by_id: int | None

    class Meta:
        table = "payment"
