"""Numbers without a hole: by till, year and kind of document, 1, 2, 3… in the order of issue."""

from dataclasses import dataclass
from datetime import date

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.rules.invoicing.numbers import NumberFormat, number_format_of
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
    async def take(cls, till: int, year: int, kind: DocumentKind, many: int = 1) -> int:
        """The next number, and those that follow it up to so `many`. `year` 0: of a series that goes on for ever.

        Call inside the transaction that issues the documents: undone, the numbers are free again.
        """
        return int((await rows(_TAKE, [till, year, kind, many]))[0]["issued"]) - many + 1


_TAKE = """
INSERT INTO number_series (till_id, year, kind, issued) VALUES (?, ?, ?, ?)
ON CONFLICT (till_id, year, kind) DO UPDATE SET issued = number_series.issued + excluded.issued RETURNING issued
"""


USUAL_FORMAT = "{year}-{n:05}"
MARKS = {
    DocumentKind.INVOICE: "",
    DocumentKind.CREDIT_NOTE: "A",
    DocumentKind.RECEIPT: "R",
    DocumentKind.DISCHARGE: "D",
    DocumentKind.DEPOSIT: "B",
}  # before the number, so that two papers never share one


@dataclass(frozen=True, slots=True)
class Series:
    """How a till numbers the papers of a day."""

    format: NumberFormat
    issued_on: date

    @property
    def year(self) -> int:
        return self.issued_on.year if self.format.restarts else 0

    def number(self, rank: int, kind: DocumentKind) -> str:
        return MARKS[kind] + self.format.number(rank, self.issued_on)


def series_of(till: Till, issued_on: date) -> Series:
    """Raises what `number_format_of` raises for a format that nobody can read."""
    return Series(number_format_of(till.number_format or USUAL_FORMAT), issued_on)
