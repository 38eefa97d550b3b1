"""An answer that the mairie gives often (réponse type), with places for what changes from one family to the next."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.messages.department import Department
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event


class CannedAnswer(Model):
    id = fields.IntField(primary_key=True)
    department: fields.ForeignKeyNullableRelation[Department] = fields.ForeignKeyField(
        "models.Department", "canned_answers", null=True, on_delete=fields.RESTRICT
    )  # null: of all of them
    title = fields.CharField(max_length=100)
    text = fields.TextField()
    made_at = Instant()
    retired_at = Instant(null=True)  # it is offered no more; nothing is deleted

    department_id: int | None

    class Meta:
        table = "canned_answer"

    @classmethod
    async def write(
        cls,
        title: str,
        text: str,
        department: int | None,
        member: Member,
        now: datetime,
        id: int | None = None,
    ) -> None:
        """A new one, or one of them with other words."""
        async with transaction():
            if id is None:
                id = (await cls.create(title=title, text=text, department_id=department, made_at=now)).id
            else:
                await cls.filter(id=id).update(title=title, text=text, department_id=department)
            await Event.note(now, member.actor, "canned_answer.written", f"canned_answer:{id}", title=title)

    @classmethod
    async def retire(cls, id: int, member: Member, now: datetime) -> None:
        """Offered no more; twice is once."""
        async with transaction():
            if await cls.filter(id=id, retired_at=None).update(retired_at=now):
                await Event.note(now, member.actor, "canned_answer.retired", f"canned_answer:{id}")

    @classmethod
    async def offered(cls, department: int | None = None) -> "list[CannedAnswer]":
        """By title; of a department and of all of them, or every one."""
        found = await cls.filter(retired_at=None).order_by("title", "id")
        return [one for one in found if department is None or one.department_id in (None, department)]
