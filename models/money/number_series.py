"""Numbers without a hole: by till, year and kind of document, 1, 2, 3… in the order of issue."""

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.rules.states.documents import DocumentKind
from models.storage.database import rows


class NumberSeries(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "number_series", on_delete=fields.RESTRICT
    )
    year = fields.IntField()
    kind = fields.CharField(max_length=20)  # a DocumentKind
    issued = fields.IntField()  # how many so far, which is the newest number

    till_id: int

    class Meta:
        table = "number_series"

    @classmethod
    async def take(cls, till: int, year: int, kind: DocumentKind) -> int:
        """The next number. Call inside the transaction that issues the document: undone, the number is free again."""
        return int((await rows(_TAKE, [till, year, kind]))[0]["issued"])


_TAKE = """
INSERT INTO number_series (till_id, year, kind, issued) VALUES (?, ?, ?, 1)
ON CONFLICT (till_id, year, kind) DO UPDATE SET issued = number_series.issued + 1 RETURNING issued
"""
