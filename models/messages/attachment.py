"""A file that came with a message: checked, cleaned, kept in the database, never served but as a download."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from tortoise import fields
from tortoise.models import Model

from models.rules import attachments
from models.rules.attachments import MOST_PIXELS, FileType, Refusal, RefusedFile
from models.storage.database import instant, rows

QUALITY = 88  # of a JPEG that is written anew
_one = BoundedSemaphore(1)  # of threads: a picture of 25 million pixels takes 75 MB while it is drawn


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What may be kept: its bytes are those that will be served."""

    name: str
    kind: FileType
    content: bytes


async def check(name: str, content: bytes) -> CheckedFile:
    """The file as it may be kept. Raises RefusedFile. Not inside a transaction: it draws pictures anew."""
    kind = attachments.type_of(name, content)
    if kind is not FileType.PDF:
        content = await asyncio.to_thread(_drawn_anew, kind, content)
    return CheckedFile(attachments.clean_name(name, kind), kind, content)


def _drawn_anew(kind: FileType, content: bytes) -> bytes:
    """The picture alone: no place where it was taken, no thumbnail, nothing hidden behind its last pixel."""
    with _one:
        try:
            with Image.open(BytesIO(content), formats=[kind.name]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise RefusedFile(Refusal.PIXELS)
                upright = ImageOps.exif_transpose(picture)
                return _written(kind, upright)
        except Image.DecompressionBombError:
            raise RefusedFile(Refusal.PIXELS) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
            raise RefusedFile(Refusal.DAMAGED) from None


def _written(kind: FileType, picture: Image.Image) -> bytes:
    modes = ("L", "RGB") if kind is FileType.JPEG else ("1", "L", "LA", "RGB", "RGBA")
    plain = "RGBA" if kind is FileType.PNG and "transparency" in picture.info else "RGB"
    shown = picture if picture.mode in modes else picture.convert(plain)
    into = BytesIO()
    shown.info = {}  # what Pillow would write again: comments, profiles, the camera's words
    if kind is FileType.JPEG:
        shown.save(into, "JPEG", quality=QUALITY)
    else:
        shown.save(into, "PNG")
    return into.getvalue()


class MessageAttachment(Model):
    id = fields.IntField(primary_key=True)
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Message", "attachments", on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=attachments.LONGEST_NAME)
    kind = fields.CharField(max_length=30)  # a FileType
    size = fields.IntField()  # bytes
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()  # nothing where it is the file of a message to many, which is kept once
    mass: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.MassAttachment", "copies", null=True, on_delete=fields.RESTRICT
    )

    message_id: int
    mass_id: int | None

    class Meta:
        table = "message_attachment"

    @classmethod
    async def keep(cls, message: int, file: CheckedFile) -> None:
        """In the transaction of its message."""
        await cls.create(
            message_id=message,
            name=file.name,
            kind=file.kind,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
        )

    @classmethod
    async def check_room(cls, family: int, file: CheckedFile, since: datetime) -> None:
        """After Family.lock. Raises RefusedFile where the family has sent its share."""
        found = (await rows(_SENT, [instant(since), family]))[0]
        attachments.check_room(int(found["today"] or 0), int(found["bytes"] or 0), len(file.content))


_SENT = """
SELECT SUM(CASE WHEN message.sent_at > ? THEN 1 ELSE 0 END) AS today, SUM(message_attachment.size) AS bytes
FROM message_attachment JOIN message ON message.id = message_attachment.message_id
JOIN message_thread ON message_thread.id = message.thread_id
WHERE message_thread.family_id = ? AND message.guardian_id IS NOT NULL
"""
