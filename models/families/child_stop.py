"""Where a child gets on and off the shuttle. One stop of a line at a time; the ones before stay written."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.commune.shuttle import ShuttleLine, ShuttleStop
from models.families.child import Child, Home
from models.families.family import Family
from models.storage.database import retrying, transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class ChildStop(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "stops", on_delete=fields.RESTRICT
    )
    line: fields.ForeignKeyRelation[ShuttleLine] = fields.ForeignKeyField(
        "models.ShuttleLine", "riders", on_delete=fields.RESTRICT
    )
    stop: fields.ForeignKeyRelation[ShuttleStop] = fields.ForeignKeyField(
        "models.ShuttleStop", "riders", on_delete=fields.RESTRICT
    )
    made_at = Instant()
    ended_at: Any = Instant(null=True)

    child_id: int
    line_id: int
    stop_id: int

    class Meta:
        table = "child_stop"

    @classmethod
    async def of(cls, children: list[int]) -> dict[int, list["ChildStop"]]:
        """By child, those that stand, with their line and stop."""
        found: dict[int, list[ChildStop]] = {}
        rows = cls.filter(child_id__in=children, ended_at=None, stop__offered=True)
        for row in await rows.select_related("line", "stop").order_by("line__position"):
            found.setdefault(row.child_id, []).append(row)
        return found

    @classmethod
    async def put(
        cls, family: int, child: int, line: int, stop: int | None, actor: str, now: datetime
    ) -> bool:
        """The child's stop of a line from now on; None: it does not ride. False where it is so already.

        Raises DoesNotExist for a child of another family, and for a stop of another line.
        """
        return await retrying(lambda: cls._put(family, child, line, stop, actor, now))

    @classmethod
    async def _put(
        cls, family: int, child: int, line: int, stop: int | None, actor: str, now: datetime
    ) -> bool:
        homes = await Home.families([child])
        async with transaction():
            await Family.lock(family, *homes)
            await Home.get(child_id=child, family_id=family)
            wanted = await ShuttleStop.get(id=stop, line_id=line, offered=True) if stop else None
            stands = await cls.get_or_none(child_id=child, line_id=line, ended_at=None).select_related("stop")
            if (stands.stop_id if stands else None) == stop:
                return False
            if stands:
                await cls.filter(id=stands.id).update(ended_at=now)
            if wanted:
                await cls.create(child_id=child, line_id=line, stop_id=wanted.id, made_at=now)
            before, after = stands.stop.name if stands else "", wanted.name if wanted else ""
            await Event.note(
                now, actor, "shuttle.changed", f"child:{child}", family,
                before={"stop": before}, after={"stop": after},
            )  # fmt: skip
        return True
