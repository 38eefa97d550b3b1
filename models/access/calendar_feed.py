"""A guardian's calendar: a secret address that other programs read, without a session, until it is changed.

The address is made of a seed and the portal's keys; the row keeps the seed and the address's digest. So a copy of the
database opens no calendar, and « Mon calendrier » can show the address again.
"""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.session import digest
from models.families.family import Family
from models.families.guardian import Guardian
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class CalendarFeed(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "calendar_feeds", on_delete=fields.RESTRICT
    )
    seed = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64)  # of the secret in the address
    opened_at = Instant()
    closed_at = Instant(null=True)  # null: it is read; a guardian has one such at most

    guardian_id: int

    class Meta:
        table = "calendar_feed"

    @classmethod
    async def current(cls, guardian: int) -> "CalendarFeed | None":
        return await cls.get_or_none(guardian_id=guardian, closed_at=None)

    @classmethod
    async def of(cls, secret: str) -> "CalendarFeed | None":
        """The one that this address opens, with its guardian; None for a closed one, or a blocked guardian's."""
        found = await cls.get_or_none(digest=digest(secret), closed_at=None).select_related("guardian")
        return None if found and found.guardian.blocked_at else found

    @classmethod
    async def renew(cls, guardian: Guardian, before: int, seed: str, secret: str, now: datetime) -> bool:
        """Another address instead of the one of this id, 0 for none. False when that is not the current one any more:
        a form that is sent twice changes it once."""
        async with transaction():
            await Family.lock(guardian.family_id)
            if not await cls._end(guardian, before, now):
                return False
            row = await cls.create(
                guardian_id=guardian.id, seed=seed, digest=digest(secret), opened_at=now, closed_at=None
            )
            await cls._note(guardian, "calendar.opened", row.id, now)
        return True

    @classmethod
    async def close(cls, guardian: Guardian, id: int, now: datetime) -> bool:
        """Nobody reads this calendar any more. False when it is not this guardian's current one."""
        async with transaction():
            await Family.lock(guardian.family_id)
            return bool(id) and await cls._end(guardian, id, now)

    @classmethod
    async def _end(cls, guardian: Guardian, id: int, now: datetime) -> bool:
        found = await cls.current(guardian.id)
        if (found.id if found else 0) != id:
            return False
        if found:
            await cls.filter(id=id).update(closed_at=now)
            await cls._note(guardian, "calendar.closed", id, now)
        return True

    @classmethod
    async def _note(cls, guardian: Guardian, action: str, id: int, now: datetime) -> None:
        await Event.note(now, guardian.actor, action, f"calendar_feed:{id}", guardian.family_id)
