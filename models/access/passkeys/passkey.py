"""A key of somebody's device. The portal knows its public half, which opens nothing."""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.access.member import Member
from models.access.sign_in import Person
from models.families.guardian import Guardian
from models.storage.fields import Instant

LONGEST_NAME = 60
LONGEST_ID = 1400  # letters: 1023 bytes, of which browsers make a text
HANDLE = 32  # bytes


class Passkey(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyNullableRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "passkeys", null=True, on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "passkeys", null=True, on_delete=fields.RESTRICT
    )
    credential = fields.CharField(max_length=LONGEST_ID)  # as the browser names the key
    handle = fields.CharField(max_length=64)  # as the device names its owner: says nothing of them
    public_key = fields.BinaryField()
    signatures = fields.BigIntField()  # how many the device says it has made; 0: it does not count
    name = fields.CharField(max_length=LONGEST_NAME)  # « Téléphone de Léa »
    made_at = Instant()
    used_at: Any = Instant(null=True)  # a datetime, or None
    removed_at: Any = Instant(null=True)  # a datetime: it opens nothing any more

    guardian_id: int | None
    member_id: int | None

    class Meta:
        table = "passkey"

    @property
    def person(self) -> Person:
        """Its owner, whom the query has fetched."""
        owner: Person = self.guardian or self.member  # type: ignore[assignment]
        return owner

    @classmethod
    def of(cls, person: Person) -> "QuerySet[Passkey]":
        """Those that open this account, the latest first."""
        return cls.ever_of(person).filter(removed_at=None).order_by("-id")

    @classmethod
    def ever_of(cls, person: Person) -> "QuerySet[Passkey]":
        """Those that were taken away too."""
        own = {"guardian_id" if isinstance(person, Guardian) else "member_id": person.id}
        return cls.filter(**own)

    @classmethod
    async def handle_of(cls, person: Person) -> str:
        """What devices call this person: the same for all of their keys."""
        first = await cls.of(person).first()
        return first.handle if first else _text(secrets.token_bytes(HANDLE))

    async def used(self, signatures: int, now: datetime) -> bool:
        """False when the key was used or taken away meanwhile."""
        same = Passkey.filter(id=self.id, signatures=self.signatures, removed_at=None)
        return bool(await same.update(signatures=signatures, used_at=now))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
