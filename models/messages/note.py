"""What the mairie writes to itself about a conversation (note interne): no page or e-mail of a family has it."""

from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.messages.thread import MessageThread
from models.storage.database import transaction
from models.storage.fields import Instant
from models.work.audit_log import Event

LONGEST = 2000


class ThreadNote(Model):
    id = fields.IntField(primary_key=True)
    thread: fields.ForeignKeyRelation[MessageThread] = fields.ForeignKeyField(
        "models.MessageThread", "notes", on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "thread_notes", on_delete=fields.RESTRICT
    )
    key = fields.CharField(max_length=160)  # unique: who, and the name of the form that was sent
    text = fields.TextField()
    written_at = Instant()

    class Meta:
        table = "thread_note"

    @classmethod
    async def write(cls, thread: MessageThread, member: Member, text: str, click: str, now: datetime) -> None:
        """The same click is one note; the journal says that it was written, and never what it says."""
        async with transaction():
            key = f"{member.actor}:{click}"
            if await cls.exists(key=key):
                return
            await cls.create(thread_id=thread.id, member_id=member.id, key=key, text=text, written_at=now)
            await Event.note(now, member.actor, "thread.noted", f"thread:{thread.id}", thread.family_id)

    @classmethod
    async def of(cls, thread: int) -> Sequence["ThreadNote"]:
        """The oldest first, with who wrote them."""
        return await cls.filter(thread_id=thread).order_by("id").select_related("member")
