"""A document that everybody may download: its file was checked as those of messages are."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from tortoise import fields

from models.messages.attachment import CheckedFile
from models.publishing.published import Published
from models.rules.attachments import LONGEST_NAME

LONGEST_CATEGORY = 100


class PublishedDocument(Published):
    category = fields.CharField(max_length=LONGEST_CATEGORY, default="", db_default="")
    name = fields.CharField(max_length=LONGEST_NAME)
    kind = fields.CharField(max_length=30)  # a FileType
    size = fields.IntField()  # bytes
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()

    NOUN = "document"

    class Meta:
        table = "published_document"

    @classmethod
    async def current(cls, today: date) -> "list[PublishedDocument]":
        """What is shown, by category and title; without the files themselves."""
        return await cls.shown(today).only(*LISTED).order_by("category", "title", "id")


LISTED = (
    "id", "code", "title", "category", "starts", "ends", "withdrawn_at", "changed_at", "revision", "name",
    "kind", "size",
)  # fmt: skip


def file_columns(file: CheckedFile) -> Mapping[str, Any]:
    """What a row says of its file."""
    return {
        "name": file.name,
        "kind": str(file.kind),
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "content": file.content,
    }
