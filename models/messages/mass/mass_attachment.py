"""The one file of a message to many: kept once, whomever it goes to. It is there before the message is confirmed."""

import hashlib
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.messages.attachment import CheckedFile
from models.rules import attachments
from models.storage.database import instant, transaction, write
from models.storage.fields import Instant

FORGOTTEN = timedelta(days=1)  # a message that was read again and never sent


class MassAttachment(Model):
    id = fields.IntField(primary_key=True)
    click = fields.CharField(max_length=64)  # unique: the form of the message, which bears the same
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "mass_attachments", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=attachments.LONGEST_NAME)
    kind = fields.CharField(max_length=30)  # a FileType
    size = fields.IntField()  # bytes
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()
    added_at = Instant()

    class Meta:
        table = "mass_attachment"

    @classmethod
    async def choose(cls, click: str, member: int, file: CheckedFile | None, now: datetime) -> None:
        """What the form carries now, instead of what it carried; files of messages that nobody sent are forgotten.

        One that has gone with its message stays.
        """
        async with transaction():
            await write(_DROP, [click, instant(now - FORGOTTEN)])
            if file is None or await cls.exists(click=click):
                return
            await cls.create(
                click=click,
                member_id=member,
                name=file.name,
                kind=file.kind,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                content=file.content,
                added_at=now,
            )


_DROP = """
DELETE FROM mass_attachment WHERE (click = ? OR added_at < ?)
  AND NOT EXISTS (SELECT 1 FROM mass_message WHERE mass_message.click = mass_attachment.click)
"""
