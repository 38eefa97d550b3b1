"""One rule of an activity's deadlines, as the commune file writes it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity

ACTIONS = ("book", "cancel", "late")  # late: the later limit of bookings that cost more


class Deadline(Model):
    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "deadlines")
    action = fields.CharField(max_length=10)  # one of ACTIONS
    position = fields.IntField()
    rule: Any = (
        fields.JSONField()
    )  # {"rule": "week_before", "weekday": "thu", "at": "12:00", "for": […]?}, or NEVER

    activity_id: int

    class Meta:
        table = "deadline"
