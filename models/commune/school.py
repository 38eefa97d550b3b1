"""A school and the levels it teaches."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class School(Model):
    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=60)
    name = fields.CharField(max_length=200)
    levels: Any = fields.JSONField()
    weekdays: Any = fields.JSONField(null=True)  # Monday is 0; null: those of the school year
    position = fields.IntField(default=0)

    class Meta:
        table = "school"
