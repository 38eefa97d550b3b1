"""A school year that turns: who was given which class of the next one, who left, and what ended with it."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.families.child import Child
from models.families.enrolment import Enrolment
from models.storage.fields import Instant


class Passage(Model):
    id = fields.IntField(primary_key=True)
    year: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField(
        "models.SchoolYear", "passages", on_delete=fields.RESTRICT
    )
    following: fields.ForeignKeyRelation[SchoolYear] = fields.ForeignKeyField(
        "models.SchoolYear", "passages_into", on_delete=fields.RESTRICT
    )
    click = fields.CharField(max_length=64)  # the form's nonce
    member_id = fields.IntField()  # who did it
    at = Instant()
    undone_by = fields.IntField(null=True)  # somebody of the mairie
    undone_at: Any = Instant(null=True)  # a datetime: every child is as before

    year_id: int
    following_id: int

    class Meta:
        table = "passage"

    @classmethod
    async def standing(cls, year: int) -> "Passage | None":
        """The last one of a school year that was not undone."""
        return await cls.filter(year_id=year, undone_at=None).order_by("-id").first()

    async def close(self, member: int, now: datetime) -> bool:
        """False where it was undone already."""
        mine = Passage.filter(id=self.id, undone_at=None)
        return await mine.update(undone_by=member, undone_at=now) == 1


class PassedChild(Model):
    # The class of the following year that it was given; neither school nor level: it left.
    id = fields.IntField(primary_key=True)
    passage: fields.ForeignKeyRelation[Passage] = fields.ForeignKeyField(
        "models.Passage", "children", on_delete=fields.RESTRICT
    )
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "passages", on_delete=fields.RESTRICT
    )
    school: fields.ForeignKeyNullableRelation[School] = fields.ForeignKeyField(
        "models.School", "passed", null=True, on_delete=fields.RESTRICT
    )
    level = fields.CharField(max_length=10, default="")

    passage_id: int
    child_id: int
    school_id: int | None

    class Meta:
        table = "passed_child"


class PassedEnrolment(Model):
    # One that ended because its child left; `before` is the last day that it had.
    id = fields.IntField(primary_key=True)
    passage: fields.ForeignKeyRelation[Passage] = fields.ForeignKeyField(
        "models.Passage", "enrolments", on_delete=fields.RESTRICT
    )
    enrolment: fields.ForeignKeyRelation[Enrolment] = fields.ForeignKeyField(
        "models.Enrolment", "passages", on_delete=fields.RESTRICT
    )
    before = fields.DateField()

    passage_id: int
    enrolment_id: int

    class Meta:
        table = "passed_enrolment"
