"""An age band of an activity, with its places (null: as many as come)."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity


class Group(Model):
    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "groups")
    code = fields.CharField(max_length=60)  # "" is the one group of an activity without groups
    name = fields.CharField(max_length=200)
    levels: Any = fields.JSONField(null=True)
    schools: Any = fields.JSONField(null=True)
    places = fields.IntField(null=True)
    closes = fields.DateField(null=True)  # its last day; null: the activity’s
    position = fields.IntField(default=0)

    activity_id: int

    class Meta:
        table = "activity_group"
