"""A service (a slot of a day, a group) whose roll call is over: from then on only the mairie corrects it."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.activities.opening import Opening
from models.storage.fields import Instant


class RollClosing(Model):
    id = fields.IntField(primary_key=True)
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField(
        "models.Opening", "roll_closings", on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "roll_closings", on_delete=fields.RESTRICT
    )
    at = Instant()

    opening_id: int
    member_id: int

    class Meta:
        table = "roll_closing"
