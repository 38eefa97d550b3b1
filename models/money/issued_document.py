"""A paper as it was issued: its bytes and their SHA-256, written once and served for ever."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.rules.states.documents import DocumentKind
from models.storage.fields import Instant


class IssuedDocument(Model):
    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=120)  # unique: « invoice:12 », the same paper is stored once
    kind = fields.CharField(max_length=20)  # a DocumentKind
    family: fields.ForeignKeyNullableRelation[Family] = fields.ForeignKeyField(
        "models.Family", "issued_documents", null=True, on_delete=fields.RESTRICT
    )  # null: a paper of the till, a deposit slip for one
    name = fields.CharField(max_length=120)  # of the file that is downloaded, « facture-1-16043631.pdf »
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    content = fields.BinaryField()
    stored_at = Instant()

    family_id: int | None

    class Meta:
        table = "issued_document"

    @classmethod
    async def store(
        cls, kind: DocumentKind, id: int, family: int | None, name: str, content: bytes, now: datetime
    ) -> bool:
        """Keep the paper of `kind` number `id` of its table; False when it was kept before: the first one stays."""
        if await cls.exists(key=document_key(kind, id)):
            return False
        row = cls.holding(kind, id, family, name, content, now)
        await cls.bulk_create([row], ignore_conflicts=True)
        return await cls.exists(key=row.key, sha256=row.sha256)

    @classmethod
    def holding(
        cls, kind: DocumentKind, id: int, family: int | None, name: str, content: bytes, now: datetime
    ) -> "IssuedDocument":
        """The row of such a paper, to be kept with others by `store_each`."""
        return cls(
            key=document_key(kind, id),
            kind=kind,
            family_id=family,
            name=name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            stored_at=now,
        )

    @classmethod
    async def store_each(cls, papers: "Sequence[IssuedDocument]") -> None:
        """As `store`, in one statement: those that were kept before stay."""
        await cls.bulk_create(papers, ignore_conflicts=True)

    @classmethod
    async def of(cls, kind: DocumentKind, id: int) -> "IssuedDocument | None":
        """The paper, or None while its job has not drawn it yet."""
        return await cls.get_or_none(key=document_key(kind, id))


async def stored(kind: DocumentKind, ids: Sequence[int]) -> set[int]:
    """Which of these papers are kept already."""
    keys = {document_key(kind, id): id for id in ids}
    there = await IssuedDocument.filter(key__in=list(keys)).values_list("key", flat=True)
    return {keys[str(key)] for key in there}


def document_key(kind: DocumentKind, id: int) -> str:
    return f"{kind}:{id}"
