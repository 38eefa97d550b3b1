"""A validated recap: the lines that take effect together, and what is to be paid for them.

Prepaid lines of one till form one order, held until the bank answers; invoiced ones are confirmed at the click.
Amounts are cents.
"""

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.commune.till import Till
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.rules.states.orders import OrderKind, OrderState
from models.storage.fields import Instant


class Order(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "orders", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "orders", on_delete=fields.RESTRICT
    )
    made_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "orders", null=True, on_delete=fields.SET_NULL
    )
    kind = fields.CharField(max_length=12)  # an OrderKind
    state = fields.CharField(max_length=12)  # an OrderState
    click = fields.CharField(max_length=64)  # the form's nonce: one click, one set of orders
    net = fields.IntField()  # lines added less lines cancelled
    debt = fields.IntField(default=0)  # restant dû settled with it
    credit = fields.IntField(default=0)  # credit used, reserved while held
    due = fields.IntField(default=0)  # by card
    made_at = Instant()
    hold_until = Instant(null=True)

    family_id: int
    till_id: int
    made_by_id: int | None

    class Meta:
        table = "family_order"

    @classmethod
    async def is_first(cls, family: int, click: str) -> bool:
        """Had the family booked nothing before this click?"""
        before = cls.filter(family_id=family, state=OrderState.CONFIRMED).exclude(kind=OrderKind.MEMBERSHIP)
        return not await before.exclude(click=click).exists()


class OrderLine(Model):
    id = fields.IntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", "lines", on_delete=fields.RESTRICT
    )
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "order_lines", on_delete=fields.RESTRICT
    )
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField(
        "models.Activity", "order_lines", on_delete=fields.RESTRICT
    )
    slot: fields.ForeignKeyNullableRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", "order_lines", null=True, on_delete=fields.RESTRICT
    )
    action = fields.CharField(max_length=12)  # a LineAction
    day = fields.DateField(null=True)
    booking_id = fields.IntField(null=True)
    cents = fields.IntField()  # what it adds to the order: negative for a cancellation
    reason = fields.TextField(default="")
    tariff: fields.ForeignKeyNullableRelation[Tariff] = fields.ForeignKeyField(
        "models.Tariff", "order_lines", null=True, on_delete=fields.RESTRICT
    )  # as of the booking; a membership has none, its price is the activity's

    order_id: int
    child_id: int
    activity_id: int
    slot_id: int | None
    tariff_id: int | None

    class Meta:
        table = "order_line"
