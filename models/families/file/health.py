"""A child's diet, allergens and care plan: sealed, under a key that no copy of the database holds.

Both homes of a child read the same. The journal says that it changed, by whom and when, and never what it is.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.families.child import Child, Home
from models.families.family import Family
from models.families.file_change import FileChanged
from models.rules.families.health import NOTHING, Health, changed
from models.storage import encryption
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class ChildHealth(Model):
    id = fields.IntField(primary_key=True)
    child: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "health", on_delete=fields.RESTRICT
    )
    sealed = fields.BinaryField()  # a Health
    version = fields.IntField()  # how often it was written
    changed_at = Instant()

    child_id: int

    class Meta:
        table = "child_health"

    @property
    def health(self) -> Health:
        """Raises encryption.Unreadable."""
        return unsealed(bytes(self.sealed).decode())

    @classmethod
    async def known(cls, children: Collection[int]) -> dict[int, Health]:
        """By child; those of whom nothing was said are left out. Raises encryption.Unreadable."""
        return {row.child_id: row.health for row in await cls.filter(child_id__in=list(children))}

    @classmethod
    async def version_of(cls, child: int) -> tuple[int, Health]:
        """0 where nothing was ever said. Raises encryption.Unreadable."""
        row = await cls.get_or_none(child_id=child)
        return (row.version, row.health) if row else (0, NOTHING)

    @classmethod
    async def write(
        cls, child: int, family: int, health: Health, version: int, actor: str, now: datetime
    ) -> None:
        """Only over the version that was read. Inside a transaction, after Family.lock. Raises FileChanged."""
        if not await Home.exists(child_id=child, family_id=family):
            raise FileChanged(f"child:{child}")
        content = sealed(health).encode()
        if version == 0:
            row = cls(child_id=child, sealed=content, version=1, changed_at=now)
            await cls.bulk_create([row], ignore_conflicts=True)  # the other home may be writing it too
            if bytes((await cls.get(child_id=child)).sealed) != content:
                raise FileChanged(f"child:{child}")
        elif not await cls.filter(child_id=child, version=version).update(
            sealed=content, version=version + 1, changed_at=now
        ):
            raise FileChanged(f"child:{child}")
        await Event.note(now, actor, "health.changed", f"child:{child}", family)

    @classmethod
    async def renew_seals(cls) -> int:
        """Seal every row under the newest key; how many were not. Raises encryption.Unreadable."""
        renewed = 0
        for row in await cls.all():
            content = encryption.renewed(bytes(row.sealed))
            if content is not None:
                renewed += await cls.filter(id=row.id, version=row.version).update(sealed=content)
        return renewed


async def set_health(
    child: int, family: int, health: Health, version: int, actor: str, now: datetime
) -> bool:
    """As the mairie says it. False where it is so already. Raises FileChanged, encryption.Unreadable."""
    homes = await Home.families([child])
    async with transaction():
        await Family.lock(family, *homes)
        known, before = await ChildHealth.version_of(child)
        if known == version and not changed(before, health):
            return False
        await ChildHealth.write(child, family, health, version, actor, now)
        return True


async def note_read(actor: str, about: str, family: int | None, now: datetime) -> None:
    """Who looked at what is sealed; `about` as the journal names it: « child:7 », « family:3 », « day:2026-09-07 »."""
    await Event.note(now, actor, "health.read", about, family)


def sealed(health: Health) -> str:
    return encryption.seal(json.dumps(health.kept()).encode()).decode()


def unsealed(content: str) -> Health:
    """Raises encryption.Unreadable."""
    kept: Mapping[str, Any] = json.loads(encryption.unseal(content.encode()))
    return Health.of(kept)
