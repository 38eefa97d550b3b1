"""The journal: who did what, when. Rows are only ever added, in the transaction of the change itself."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import Instant


class Event(Model):
    id = fields.IntField(primary_key=True)
    at = Instant()
    actor = fields.CharField(max_length=100)  # "guardian:3", "member:1", "bank:demo", "clock"
    action = fields.CharField(max_length=60)
    object = fields.CharField(max_length=100)  # "booking:12"
    family_id = fields.IntField(null=True)
    details: Any = fields.JSONField(default=dict)

    class Meta:
        table = "event"

    @classmethod
    async def note(
        cls, at: datetime, actor: str, action: str, object: str, family: int | None = None, **details: Any
    ) -> None:
        await cls.create(at=at, actor=actor, action=action, object=object, family_id=family, details=details)
