"""The membership (adhésion) of a child in an activity: paid once a year, before the first booking."""

from tortoise import fields
from tortoise.models import Model

from models.activity import Activity
from models.child import Child
from models.family import Family
from models.fields import Instant


class Membership(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "memberships")
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "memberships")
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "memberships")
    cents = fields.IntField()  # 0: known from the commune file, paid elsewhere
    paid_at = Instant(null=True)

    child_id: int
    activity_id: int
    family_id: int

    class Meta:
        table = "membership"
