"""The bell: what one parent was told lately, as the portal lists it, read or not.

It is written when a notice is told, in the words of that moment: a list of two months asks for no other row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event
from models.work.notice import Notice

KEPT = timedelta(days=60)
LONGEST = 200


class BellEntry(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "bell_entries", on_delete=fields.RESTRICT
    )
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", "bell_entries", on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=LONGEST)
    short = fields.CharField(max_length=LONGEST)  # for a locked screen: no name, no amount
    path = fields.CharField(max_length=300)  # on the portal: what it is about
    at = Instant()
    read_at: Any = Instant(null=True)  # a datetime, or None

    guardian_id: int
    notice_id: int

    class Meta:
        table = "bell_entry"

    @classmethod
    async def lately(cls, guardian: int, now: datetime) -> list["BellEntry"]:
        """The newest first, with their notices."""
        recent = cls.filter(guardian_id=guardian, at__gt=now - KEPT).order_by("-at", "-id")
        return await recent.select_related("notice")

    @classmethod
    async def write(cls, entries: Sequence["BellEntry"]) -> list["BellEntry"]:
        """In the transaction that tells. One that is there already stays as it is; all of them, as they are kept."""
        if not entries:
            return []
        await cls.bulk_create(list(entries), ignore_conflicts=True)
        readers = [entry.guardian_id for entry in entries]
        return await cls.filter(notice_id=entries[0].notice_id, guardian_id__in=readers).order_by("id")

    @classmethod
    async def open(cls, guardian: int, id: int, now: datetime) -> str | None:
        """Where this parent's entry leads: to open it is to have read it. None for no such entry."""
        found = await cls.get_or_none(id=id, guardian_id=guardian)
        if found is None:
            return None
        await cls.filter(id=id, read_at=None).update(read_at=now)
        return found.path

    @classmethod
    async def path_of(cls, guardian: int, id: int) -> str | None:
        """As `open`, for one of the mairie who only looks: it stays new."""
        found = await cls.get_or_none(id=id, guardian_id=guardian)
        return found.path if found else None

    @classmethod
    async def read_all(cls, guardian: Guardian, now: datetime) -> int:
        """How many were new."""
        async with transaction():
            await Family.lock(guardian.family_id)
            number = await cls.filter(guardian_id=guardian.id, read_at=None).update(read_at=now)
            if number:
                who, family = guardian.actor, guardian.family_id
                await Event.note(now, who, "notifications.read", who, family, number=number)
        return number

    @classmethod
    async def sweep(cls, now: datetime) -> None:
        """What the list shows no more."""
        await cls.filter(at__lte=now - KEPT).delete()
