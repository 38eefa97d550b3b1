"""The membership (adhésion) of a child in an activity: paid once a year, before the first booking, or not wanted."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


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


class Declined(Model):
    """« Pas cette année »: a family's answer, kept until it takes it back. An activity belongs to one year."""

    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField("models.Family", "declined")
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField("models.Child", "declined")
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField("models.Activity", "declined")
    made_by: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "declined", null=True, on_delete=fields.SET_NULL
    )
    made_at = Instant()

    family_id: int
    child_id: int
    activity_id: int
    made_by_id: int | None

    class Meta:
        table = "membership_declined"


async def decline(family: int, child: int, activity: int, now: datetime, by: int) -> None:
    """« Pas cette année ». Said twice, it is one answer."""
    row = Declined(family_id=family, child_id=child, activity_id=activity, made_by_id=by, made_at=now)
    async with transaction():
        await Family.lock(family)
        await Declined.bulk_create([row], ignore_conflicts=True)
        await _changed("membership.declined", family, child, activity, now, by)


async def reconsider(family: int, child: int, activity: int, now: datetime, by: int) -> None:
    """The answer is taken back: the membership is asked for again."""
    async with transaction():
        await Family.lock(family)
        await Declined.filter(family_id=family, child_id=child, activity_id=activity).delete()
        await _changed("membership.reconsidered", family, child, activity, now, by)


async def _changed(what: str, family: int, child: int, activity: int, now: datetime, by: int) -> None:
    await Event.note(now, f"guardian:{by}", what, f"child:{child}", family, activity=activity)
