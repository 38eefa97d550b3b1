"""A booking that a class event cancelled, and the credit that its family got for it."""

from tortoise import fields
from tortoise.models import Model

from models.bookings.booking import Booking
from models.commune.class_event import ClassEvent
from models.rules.states.class_events import Kept
from models.storage.fields import Instant


class CancelledDay(Model):
    id = fields.IntField(primary_key=True)
    event: fields.ForeignKeyRelation[ClassEvent] = fields.ForeignKeyField(
        "models.ClassEvent", "cancelled_days", on_delete=fields.RESTRICT
    )
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField(
        "models.Booking", "class_events", on_delete=fields.RESTRICT
    )
    was = fields.CharField(max_length=10)  # a BookingState
    cents = fields.IntField()  # of the credit; 0 where nothing had been paid
    returned_at = Instant(null=True)  # when it was booked again
    kept = fields.CharField(max_length=10, default=Kept.NO.value)  # why it was not

    event_id: int
    booking_id: int

    class Meta:
        table = "cancelled_day"

    @property
    def key(self) -> str:
        """Of its entry in the ledger."""
        return f"away:{self.id}"

    @property
    def return_key(self) -> str:
        return f"away-back:{self.id}"
