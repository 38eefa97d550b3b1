"""What lets somebody in who has lost their telephone: ten codes, each for one use. Only their digests are kept."""

import secrets
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.access.session import digest
from models.rules.accounts.letter import ALPHABET, LENGTH, code_typed, code_written
from models.rules.accounts.one_time_code import CODES
from models.storage.fields import Instant


class RecoveryCode(Model):
    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "recovery_codes", on_delete=fields.RESTRICT
    )
    digest = fields.CharField(max_length=64)
    made_at = Instant()
    used_at: Any = Instant(null=True)  # a datetime, or None
    replaced_at: Any = Instant(null=True)

    class Meta:
        table = "recovery_code"

    @classmethod
    async def replace(cls, member: int, now: datetime) -> list[str]:
        """Ten new ones, as they are shown this once; those before open nothing any more. In a transaction."""
        await cls.end(member, now)
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
        made = [cls(member_id=member, digest=digest(f"{member}:{code}"), made_at=now) for code in codes]
        await cls.bulk_create(made)
        return [code_written(code) for code in codes]

    @classmethod
    async def end(cls, member: int, now: datetime) -> None:
        await cls.filter(member_id=member, used_at=None, replaced_at=None).update(replaced_at=now)

    @classmethod
    async def use(cls, member: int, typed: str, now: datetime) -> bool:
        """True for one caller only. In a transaction."""
        live = cls.filter(member_id=member, used_at=None, replaced_at=None)
        code = digest(f"{member}:{code_typed(typed)}")
        return await live.filter(digest=code).update(used_at=now) == 1

    @classmethod
    async def left(cls, member: int) -> int:
        return await cls.filter(member_id=member, used_at=None, replaced_at=None).count()
