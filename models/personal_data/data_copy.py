"""The paper of « Mes données »: drawn once a parent has proved who they are, kept sealed, gone in half an hour."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.access.session import HOUR
from models.clock import real
from models.families.guardian import Guardian
from models.storage import encryption
from models.storage.fields import Instant

LIFE = HOUR / 2  # seconds, of real time as sessions are


class DataCopy(Model):
    id = fields.IntField(primary_key=True)
    guardian: fields.ForeignKeyRelation[Guardian] = fields.ForeignKeyField(
        "models.Guardian", "data_copies", on_delete=fields.RESTRICT
    )
    asked_at = Instant()
    expires = fields.FloatField()
    content: Any = fields.BinaryField(null=True)  # bytes, sealed; None: not drawn yet

    guardian_id: int

    class Meta:
        table = "data_copy"

    @property
    def paper(self) -> bytes | None:
        """None while its job has not drawn it. Raises encryption.Unreadable."""
        return encryption.unseal(bytes(self.content)) if self.content else None

    @classmethod
    async def begin(cls, guardian: int, now: datetime) -> "DataCopy":
        return await cls.create(guardian_id=guardian, asked_at=now, expires=real() + LIFE)

    @classmethod
    async def live(cls, guardian: int) -> "DataCopy | None":
        """The one that may still be fetched."""
        return await cls.filter(guardian_id=guardian, expires__gt=real()).order_by("-id").first()

    @classmethod
    async def of(cls, guardian: int, id: int) -> "DataCopy | None":
        """This parent's own, while it may be fetched."""
        return await cls.get_or_none(id=id, guardian_id=guardian, expires__gt=real())

    async def keep(self, content: bytes) -> None:
        """The first one stays."""
        await DataCopy.filter(id=self.id, content=None).update(content=encryption.seal(content))

    @classmethod
    async def sweep_data_copies(cls) -> None:
        await cls.filter(expires__lte=real()).delete()
