"""Who waits for a place in an activity, in the order in which they came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.activities.group import Group
from models.families.child import Child
from models.families.family import Family
from models.rules.families.enrolling import WaitState
from models.storage.database import as_instant, rows
from models.storage.fields import Instant


class EnrolmentWait(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "enrolment_waits", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "enrolment_waits", on_delete=fields.RESTRICT
    )
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField(
        "models.Activity", "enrolment_waits", on_delete=fields.RESTRICT
    )
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "models.Group", "enrolment_waits", on_delete=fields.RESTRICT
    )
    since = Instant()
    state = fields.CharField(max_length=10, default=WaitState.WAITING.value)
    ended_at: Any = Instant(null=True)  # when it was enrolled, or left

    child_id: int
    family_id: int
    activity_id: int
    group_id: int

    class Meta:
        table = "enrolment_wait"


@dataclass(frozen=True, slots=True)
class Rank:
    id: int  # of the wait
    number: int  # 1 is the next
    since: datetime


# The rank of the row `mine` among those who wait for the same group.
RANK = f"""(SELECT COUNT(*) FROM enrolment_wait AS ahead WHERE ahead.group_id = mine.group_id
  AND ahead.state = '{WaitState.WAITING}' AND (ahead.since, ahead.id) <= (mine.since, mine.id))"""  # noqa: S608


async def ranks(family: int) -> dict[tuple[int, int], Rank]:
    """Of each child of the family that waits, by (child, activity)."""
    return {
        (row["child_id"], row["activity_id"]): Rank(
            row["id"], int(row["rank"]), cast(datetime, as_instant(row["since"]))
        )
        for row in await rows(_RANKS, [family])
    }


_RANKS = f"""
SELECT mine.id, mine.child_id, mine.activity_id, mine.since, {RANK} AS rank FROM enrolment_wait AS mine
WHERE mine.state = '{WaitState.WAITING}' AND mine.family_id = ?
"""  # noqa: S608
