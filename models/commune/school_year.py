"""A school year of the commune, and the days it closes by exception."""

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.rules.calendar import SCHOOL_WEEK


class SchoolYear(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20)
    starts = fields.DateField()
    ends = fields.DateField()
    weekdays: Any = fields.JSONField(db_default=sorted(SCHOOL_WEEK))  # of school; Monday is 0

    class Meta:
        table = "school_year"

    @classmethod
    async def current(cls, today: date) -> "SchoolYear | None":
        """The one of the day; in the summer, the one that comes; else the last there is."""
        coming = await cls.filter(ends__gte=today).order_by("ends").first()
        return coming or await cls.all().order_by("-ends").first()


class Closure(Model):
    """Closed from one day to another, for some schools and activities, or (null) for all."""

    id = fields.IntField(primary_key=True)
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField("models.SchoolYear", "closures")
    start = fields.DateField()
    end = fields.DateField()
    reason = fields.CharField(max_length=200)
    schools: Any = fields.JSONField(null=True)
    activities: Any = fields.JSONField(null=True)

    year_id: int

    class Meta:
        table = "closure"
