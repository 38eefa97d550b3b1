"""A parent said that a child will not come to a day that is booked, and why. What it costs is the activity's rule."""

from tortoise import fields
from tortoise.models import Model

from models.bookings.booking import Booking
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.fields import Instant


class Absence(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "absences")
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "absences")
    reason = fields.CharField(max_length=10)  # one of models.rules.absences.REASONS
    billed = fields.BooleanField()  # said too late: the day stays billed
    told_at = Instant()
    told_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "absences", null=True, on_delete=fields.SET_NULL
    )

    family_id: int
    booking_id: int
    told_by_id: int | None

    class Meta:
        table = "absence"
