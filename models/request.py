"""What a parent asked and the mairie answers (démarche): a booking, or the cancellation of one."""

from tortoise import fields
from tortoise.models import Model

from models.booking import Booking
from models.family import Family
from models.fields import Instant
from models.member import Member


class Request(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "requests")
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField("models.Booking", "requests")
    kind = fields.CharField(max_length=10)  # book | cancel
    state = fields.CharField(max_length=10, default="pending")  # pending | accepted | refused | withdrawn
    reason = fields.TextField(null=True)
    made_at = Instant()
    answered_at = Instant(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "answers", null=True, on_delete=fields.SET_NULL
    )

    family_id: int
    booking_id: int
    answered_by_id: int | None

    class Meta:
        table = "request"
