"""A price of an activity and its brackets. Amounts are cents; the rule is models.rules.pricing."""

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity


class Tariff(Model):
    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "tariffs")
    position = fields.IntField(null=True)  # null: out of force, kept for what was bought at it
    method = fields.CharField(max_length=10)  # flat | brackets | rate
    amount = fields.IntField(null=True)
    rate = fields.CharField(max_length=20, null=True)  # percent of the quotient, exact
    low = fields.IntField(null=True)
    high = fields.IntField(null=True)
    slot_code = fields.CharField(max_length=60, null=True)
    category = fields.CharField(max_length=20, null=True)
    start = fields.DateField(null=True)
    end = fields.DateField(null=True)
    child_rank = fields.IntField(null=True)
    reduction = fields.IntField(default=0)  # percent, from that sibling on
    no_quotient = fields.IntField(null=True)
    unbooked = fields.CharField(
        max_length=20, null=True
    )  # present without booking: cents, "+500" more, or "+10%"
    late = fields.CharField(
        max_length=20, null=True
    )  # booked after the limit, before the later one: as above

    activity_id: int

    class Meta:
        table = "tariff"


class Band(Model):
    id = fields.IntField(primary_key=True)
    tariff: fields.ForeignKeyRelation[Tariff] = fields.ForeignKeyField("models.Tariff", "bands")
    position = fields.IntField()
    up_to = fields.IntField(null=True)
    cents = fields.IntField()  # 0 where a rate says the price
    rate = fields.CharField(max_length=20, null=True)  # percent of the quotient, exact
    low = fields.IntField(null=True)
    high = fields.IntField(null=True)

    tariff_id: int

    class Meta:
        table = "band"
