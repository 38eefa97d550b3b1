"""What is ticked: the part of the day that an activity sells. Times are minutes after midnight in Paris."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity


class Slot(Model):
    id = fields.IntField(primary_key=True)
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "slots")
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    starts = fields.IntField()
    ends = fields.IntField()
    care_part = fields.IntField(null=True)  # cents of the price that are care
    step = fields.IntField(null=True)  # billed by so many minutes begun; the tariff is of one step
    minimum = fields.IntField(null=True)  # minutes that are always billed
    late_pickup: Any = fields.JSONField(null=True)  # {"after": "18:30", "cents": 500, "per": 15?}
    requires = fields.CharField(max_length=60, null=True)  # the code of the slot that must be booked with it
    closes = fields.DateField(null=True)  # its last day; null: the activity’s
    position = fields.IntField(default=0)

    activity_id: int

    class Meta:
        table = "slot"
