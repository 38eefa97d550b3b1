"""Issued invoices as the mairie reads them: a list, and one of them whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from models.rules.states.documents import DocumentKind
from models.storage.database import as_date, as_instant, marks, rows
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    id: int
    number: str
    family: str  # its number
    name: str
    till: str
    issued_on: date
    due_on: date | None
    period_start: date | None
    period_end: date | None
    cents: int
    left: int  # to pay, in cents
    delivery: str
    has_paper: bool  # or will have; false: it came with the commune's file, and its paper did not

    def is_late(self, today: date) -> bool:
        return self.left > 0 and self.due_on is not None and self.due_on < today


async def page(
    cut: Cut, *, till: int | None = None, state: str = "", search: str = "", today: date
) -> Page[InvoiceRow]:
    """`state`: "" all, « due » not paid in full, « late » past its day, « settled »."""
    where = Where()
    if till is not None:
        where = where.and_also("invoice.till_id = ?", till)
    if state == "settled":
        where = where.and_also(f"{_LEFT} <= 0")
    elif state:
        where = where.and_also(f"{_LEFT} > 0")
    if state == "late":
        where = where.and_also("invoice.due_on < ?", today)
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def all_of(families: Sequence[int], cut: Cut) -> Page[InvoiceRow]:
    """Every invoice of a file, and of those that were merged into it."""
    return await _LISTING.page(Where(f"invoice.family_id IN ({marks(families)})", tuple(families)), cut)


async def counts(today: date) -> dict[str, int]:
    """By `state` of `page`. One question."""
    found = (await rows(_COUNTS, [today]))[0]
    every, due = int(found["all"]), int(found["due"])
    return {"all": every, "due": due, "late": int(found["late"] or 0), "settled": every - due}


@dataclass(frozen=True, slots=True)
class Movement:
    """What an entry did to what is left to pay of an invoice."""

    at: datetime
    label: str
    cents: int


async def movements(invoice: int) -> list[Movement]:
    """The oldest first."""
    return [
        Movement(cast(datetime, as_instant(row["at"])), row["label"], int(row["cents"]))
        for row in await rows(_MOVEMENTS, [invoice])
    ]


@dataclass(frozen=True, slots=True)
class InvoicedDay:
    """A booking on an invoice, and the credit note that took it off, if one did."""

    booking: int
    day: date
    child: str
    slot: str
    cents: int
    credit_note: int | None
    credit_number: str | None
    given_back: bool  # since it was invoiced, it is not due any more


async def days(invoice: int) -> list[InvoicedDay]:
    return [
        InvoicedDay(**{**row, "day": as_date(row["day"]), "given_back": bool(row["given_back"])})
        for row in await rows(_DAYS, [invoice])
    ]


def _row(row: dict[str, Any]) -> InvoiceRow:
    days_ = ("issued_on", "due_on", "period_start", "period_end")
    told: dict[str, Any] = {name: None if row[name] is None else as_date(row[name]) for name in days_}
    told |= {
        "name": row["name"] or "",
        "left": int(row["left"] or 0),
        "has_paper": bool(row["has_paper"]),
    }
    return InvoiceRow(**{**row, **told})


_LEFT = """(SELECT COALESCE(SUM(leg.cents), 0) FROM leg JOIN account ON account.id = leg.account_id
  WHERE leg.invoice_id = invoice.id AND account.kind = 'family')"""
_PARENT = """(SELECT guardian.{what} FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1)"""
_FIRST, _LAST = _PARENT.format(what="first_name"), _PARENT.format(what="last_name")
_SEARCHED = ("invoice.number", "family.number", f"{_FIRST} || ' ' || {_LAST}")
_PAPER = f"SELECT 1 FROM issued_document WHERE issued_document.key = '{DocumentKind.INVOICE}:' || invoice.id"  # noqa: S608
_LISTING = Listing(
    columns=f"""
invoice.id, invoice.number, family.number AS family, {_FIRST} || ' ' || {_LAST} AS name, till.name AS till,
  invoice.issued_on, invoice.due_on, invoice.period_start, invoice.period_end, invoice.cents,
  {_LEFT} AS "left", invoice.delivery,
  NOT invoice.before_portal OR EXISTS ({_PAPER}) AS has_paper""",
    source="invoice JOIN family ON family.id = invoice.family_id JOIN till ON till.id = invoice.till_id",
    orders={
        "issued": ("invoice.issued_on", "invoice.id"),
        "number": ("invoice.number", "invoice.id"),
        "family": (Name(_LAST), "invoice.id"),
        "cents": ("invoice.cents", "invoice.id"),
        "left": (_LEFT, "invoice.id"),
    },
    row=_row,
)
# Read once from the legs: asked invoice by invoice, the same takes three times as long.
_OPEN = """
SELECT leg.invoice_id FROM leg JOIN account ON account.id = leg.account_id
WHERE account.kind = 'family' AND leg.invoice_id IS NOT NULL GROUP BY leg.invoice_id HAVING SUM(leg.cents) > 0
"""
_COUNTS = f"""
SELECT (SELECT COUNT(*) FROM invoice) AS "all", COUNT(*) AS due,
  SUM(CASE WHEN invoice.due_on < ? THEN 1 ELSE 0 END) AS late FROM invoice WHERE invoice.id IN ({_OPEN})
"""  # noqa: S608
_MOVEMENTS = """
SELECT entry.occurred_at AS at, entry.label, SUM(leg.cents) AS cents FROM leg JOIN entry ON entry.id = leg.entry_id
JOIN account ON account.id = leg.account_id WHERE leg.invoice_id = ? AND account.kind = 'family'
GROUP BY entry.id, entry.occurred_at, entry.label ORDER BY entry.id
"""
_DAYS = """
SELECT booking.id AS booking, booking.day, child.first_name AS child, slot.name AS slot, invoiced_booking.cents,
  invoiced_booking.credit_note_id AS credit_note, credit_note.number AS credit_number,
  CASE WHEN booking.billed THEN 0 ELSE 1 END AS given_back
FROM invoiced_booking JOIN booking ON booking.id = invoiced_booking.booking_id
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
LEFT JOIN credit_note ON credit_note.id = invoiced_booking.credit_note_id
WHERE invoiced_booking.invoice_id = ? ORDER BY child.first_name, booking.day, slot.starts, booking.id
"""
