"""A child was there on a day that it had booked, or was not. The latest word stands; the journal keeps them all."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.bookings.booking import Booking
from models.storage.fields import Instant


class Attendance(Model):
    id = fields.IntField(primary_key=True)
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField(
        "models.Booking", "attendances", on_delete=fields.RESTRICT
    )
    state = fields.CharField(max_length=10)  # an AttendanceState
    reason = fields.CharField(
        max_length=10, default=""
    )  # of an absence: one of models.rules.absences.REASONS
    arrived = fields.IntField(null=True)  # minutes after midnight
    departed = fields.IntField(null=True)
    fetched_by = fields.CharField(max_length=80, default="")  # who took the child
    proved_on = fields.DateField(null=True)  # a certificate of the absence came
    unbooked = fields.BooleanField(default=False)  # nobody had booked: its booking was made at the door
    # What is due of the day as it was booked, in cents, once it is called; an invoice prices it anew by the same rules.
    due_cents = fields.IntField(null=True)
    noted_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "attendances", on_delete=fields.RESTRICT
    )
    noted_at = Instant()

    booking_id: int
    noted_by_id: int

    class Meta:
        table = "attendance"
