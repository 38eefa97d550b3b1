"""The shuttles (navettes): lines with their stops, as the commune file says them."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class ShuttleLine(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    activities: Any = fields.JSONField(null=True)  # codes; null: whoever has a stop rides every day
    position = fields.IntField(default=0)
    offered = fields.BooleanField(default=True)  # false: the file names it no more

    class Meta:
        table = "shuttle_line"


class ShuttleStop(Model):
    id = fields.IntField(primary_key=True)
    line: fields.ForeignKeyRelation[ShuttleLine] = fields.ForeignKeyField(
        "models.ShuttleLine", "stops", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=200)
    at = fields.IntField()  # minutes after midnight
    position = fields.IntField(default=0)
    offered = fields.BooleanField(default=True)

    line_id: int

    class Meta:
        table = "shuttle_stop"
