"""A child has a place on a day, asked for one, or had one. One live row per child, slot and day, whoever pays."""

from tortoise import fields
from tortoise.models import Model

from models.activities.opening import Opening
from models.activities.slot import Slot
from models.activities.tariff import Tariff
from models.bookings.order import Order
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.families.family import Family
from models.rules.booking import BookingState
from models.storage.fields import Instant


class Booking(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "bookings", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "bookings", on_delete=fields.RESTRICT
    )
    enrolment: fields.ForeignKeyRelation[Enrolment] = fields.ForeignKeyField(
        "models.Enrolment", "bookings", on_delete=fields.RESTRICT
    )
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", "bookings", on_delete=fields.RESTRICT
    )
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField(
        "models.Opening", "bookings", on_delete=fields.RESTRICT
    )
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", "bookings", null=True, on_delete=fields.RESTRICT
    )
    day = fields.DateField()
    state = fields.CharField(max_length=10)  # a BookingState
    cents = fields.IntField()  # the price shown when it was asked for; prepaid: what was paid
    billed = fields.BooleanField(default=True)  # false: cancelled in time, nothing is owed
    reason = fields.TextField(default="")  # of the price, as it was shown then
    tariff: fields.ForeignKeyNullableRelation[Tariff] = fields.ForeignKeyField(
        "models.Tariff", "bookings", null=True, on_delete=fields.RESTRICT
    )  # null: no tariff said a price, or nobody knows any more which one did
    late = fields.BooleanField(
        db_default=False
    )  # asked for after the limit, until the later one: it costs more
    by_default = fields.BooleanField(db_default=False)  # the portal booked it: all who are enrolled come
    returns = fields.BooleanField(
        db_default=False
    )  # cancelled by the mairie, with its day or its enrolment: no word of the family
    note = fields.TextField(null=True)  # the mairie's answer, shown to the parent
    made_at = Instant()
    changed_at = Instant()

    child_id: int
    family_id: int
    enrolment_id: int
    slot_id: int
    opening_id: int
    order_id: int | None
    tariff_id: int | None

    class Meta:
        table = "booking"

    @classmethod
    async def move(cls, booking: int, before: BookingState, after: BookingState, **changes: object) -> bool:
        """Change the state only if it is still `before`: done twice, it changes nothing."""
        return await cls.filter(id=booking, state=before).update(state=after, **changes) == 1
