"""The wishes of a family that are not validated yet: one row per child, slot and day, shared by all its devices."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.bookings.order import Order
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.fields import Instant

KEPT = timedelta(days=30)


class CartLine(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "cart_lines")
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "cart_lines")
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField("models.Slot", "cart_lines")
    day = fields.DateField()
    action = fields.CharField(max_length=10)  # a LineAction of a day
    cents = (
        fields.IntField()
    )  # the price shown at the tick, or what a cancellation gives back; always positive
    reason = fields.TextField(default="")
    tariff: fields.ForeignKeyNullableRelation[Tariff] = fields.ForeignKeyField(
        "models.Tariff", "cart_lines", null=True, on_delete=fields.SET_NULL
    )  # a draft: the recap asks for the price again
    waits = fields.BooleanField(
        default=False
    )  # was told it is full: the next click takes a rank instead of a place
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", "cart_lines", null=True, on_delete=fields.SET_NULL
    )  # « en cours de paiement »: locked until the bank answers
    made_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "cart_lines", null=True, on_delete=fields.SET_NULL
    )
    made_at = Instant()

    family_id: int
    child_id: int
    slot_id: int
    order_id: int | None
    tariff_id: int | None
    made_by_id: int | None

    class Meta:
        table = "cart_line"

    @classmethod
    async def sweep(cls, now: datetime) -> None:
        """Nobody is told any more of what was not validated a month ago."""
        await cls.filter(order_id=None, day__lt=(now - KEPT).date()).delete()


class Batch(Model):
    """A batch of ticks that was applied: the browser may send it again, it changes nothing."""

    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "batches")
    key = fields.CharField(max_length=64)
    applied_at = Instant()
    back = fields.TextField(null=True)  # the ticks that take it back, as models.undo wrote them

    family_id: int

    class Meta:
        table = "batch"

    @classmethod
    async def sweep(cls, now: datetime) -> None:
        """No browser sends again what was answered a month ago."""
        await cls.filter(applied_at__lt=now - KEPT).delete()
