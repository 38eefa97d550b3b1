"""The credit notes that a family was given, as its file at the mairie shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.rules.states.documents import DocumentKind
from models.storage.database import as_date, marks
from models.storage.paging import Cut, Listing, Page, Where


@dataclass(frozen=True, slots=True)
class CreditLine:
    """`cents` is what it takes back; of it `applied` lowered its invoice, the rest is an avoir."""

    id: int
    number: str
    family: str  # its number
    till: str
    invoice: int
    invoice_number: str
    issued_on: date
    reason: str
    cents: int
    applied: int
    is_drawn: bool


async def page(families: Sequence[int], cut: Cut) -> Page[CreditLine]:
    """Of a file, and of those that were merged into it. Two questions."""
    return await _LISTING.page(Where(f"credit_note.family_id IN ({marks(families)})", tuple(families)), cut)


def _line(row: Mapping[str, Any]) -> CreditLine:
    told = {"issued_on": as_date(row["issued_on"]), "is_drawn": bool(row["is_drawn"])}
    return CreditLine(**{**row, **told})


_PAPER = f"'{DocumentKind.CREDIT_NOTE}:' || credit_note.id"
_LISTING = Listing(
    columns=f"""
credit_note.id, credit_note.number, family.number AS family, till.name AS till, invoice.id AS invoice,
  invoice.number AS invoice_number, credit_note.issued_on, credit_note.reason, credit_note.cents,
  credit_note.applied_cents AS applied,
  EXISTS (SELECT 1 FROM issued_document WHERE issued_document.key = {_PAPER}) AS is_drawn""",  # noqa: S608
    source="credit_note JOIN family ON family.id = credit_note.family_id JOIN till ON till.id = credit_note.till_id "
    "JOIN invoice ON invoice.id = credit_note.invoice_id",
    orders={
        "issued": ("credit_note.issued_on", "credit_note.id"),
        "cents": ("credit_note.cents", "credit_note.id"),
    },
    row=_line,
)
