"""Who waits for a place of an opening, in which order, and to whom one is offered until when."""

from tortoise import fields
from tortoise.models import Model

from models.booking import Booking
from models.fields import Instant
from models.opening import Opening


class Waiting(Model):
    id = fields.IntField(primary_key=True)
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "waits")
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening", "waits")
    priority = fields.IntField(default=0)  # set by the mairie only
    since = Instant()
    state = fields.CharField(max_length=10, default="waiting")  # waiting | offered | served | left | lapsed
    offered_until = Instant(null=True)

    booking_id: int
    opening_id: int

    class Meta:
        table = "waiting"
