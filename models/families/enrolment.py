"""A child in an activity, in a group, paid by a family, from a day to another."""

from collections.abc import Iterable
from secrets import token_hex
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.activities.group import Group
from models.families.child import Child
from models.families.family import Family
from models.rules.booking import DEFAULT
from models.storage.fields import Instant
from models.work.task import Task


class Enrolment(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "enrolments")
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "enrolments")
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "enrolments")
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group", "enrolments")
    category = fields.CharField(max_length=20, null=True)
    start = fields.DateField()
    end = fields.DateField()
    position = fields.IntField(default=0)
    left_at: Any = Instant(
        null=True
    )  # when the family itself said its last day; what the mairie ends has none

    child_id: int
    family_id: int
    activity_id: int
    group_id: int

    class Meta:
        table = "enrolment"


async def book_by_default(made: Iterable[Enrolment]) -> None:
    """Ask for the days of who comes without booking. Call in the transaction that enrols."""
    wanted = {(row.activity_id, row.family_id) for row in made}
    ids = {row.id for row in await Activity.filter(id__in=[id for id, _ in wanted], presence=DEFAULT)}
    for activity, family in sorted(wanted):
        if activity in ids:
            await Task.later("book_by_default", activity, family, token_hex(8))
