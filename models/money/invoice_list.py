"""A family's issued invoices: a page of them by year, one with its lines, and how heavy its paper is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.families.file.merge import FamilyMerge
from models.money.invoice import InvoiceLine
from models.money.issued_document import IssuedDocument, document_key
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import PartKind
from models.storage.database import as_date, marks, rows


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """`cents` is its sum, `open` what is left to pay of it.

    Of a closed file nothing is: what was left stands on the account that it was merged with, `carried` of it.
    """

    id: int
    till: int
    number: str
    issued_on: date
    due_on: date | None
    period: tuple[date, date] | None
    cents: int
    open: int
    old_file: str  # the number of the closed file it was issued to; "" for the family's own
    carried: int  # in cents
    before_portal: bool  # it came with the commune's file, without its paper

    @property
    def month(self) -> date:
        """The one it is for; of one that does not say, the one it was issued in."""
        return self.period[0] if self.period else self.issued_on

    def is_overdue(self, today: date) -> bool:
        return self.open > 0 and self.due_on is not None and self.due_on < today


async def years(family: int) -> list[int]:
    """In which it was given invoices, those of the files that were merged into it too; the newest first."""
    files = await FamilyMerge.files_of(family)
    found = await rows(_YEARS.format(marks=marks(files)), files)
    return sorted({as_date(row["issued_on"]).year for row in found}, reverse=True)


async def of_year(family: int, year: int) -> list[IssuedInvoice]:
    """The newest first, those of the files that were merged into it too."""
    files, first, last = await FamilyMerge.files_of(family), date(year, 1, 1), date(year, 12, 31)
    found = await rows(_OF_YEAR.format(marks=marks(files)), [*files, first, last])
    return [_invoice(row, family) for row in found]


async def one(family: int, id: int) -> IssuedInvoice | None:
    """Of its file, or of one that was merged into it. None: it is not there, or another family's."""
    files = await FamilyMerge.files_of(family)
    found = await rows(_ONE.format(marks=marks(files)), [*files, id])
    return _invoice(found[0], family) if found else None


async def lines(invoices: Sequence[int]) -> dict[int, list[InvoiceLine]]:
    """As they were printed, by invoice."""
    found: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in await InvoiceLine.filter(invoice_id__in=list(invoices)).order_by("invoice_id", "position"):
        found[line.invoice_id].append(line)
    return found


async def weights(invoices: Sequence[int]) -> dict[int, int]:
    """How many bytes the paper of each has; an invoice whose paper is not drawn yet is left out."""
    keys = {document_key(DocumentKind.INVOICE, id): id for id in invoices}
    sizes = await IssuedDocument.filter(key__in=list(keys)).values_list("key", "size")
    return {keys[str(key)]: int(size) for key, size in sizes}


def _invoice(row: dict[str, Any], family: int) -> IssuedInvoice:
    start, end = row["period_start"], row["period_end"]
    own = row["family_id"] == family
    return IssuedInvoice(
        id=row["id"],
        till=row["till_id"],
        number=row["number"],
        issued_on=as_date(row["issued_on"]),
        due_on=as_date(row["due_on"]) if row["due_on"] else None,
        period=(as_date(start), as_date(end)) if start and end else None,
        cents=int(row["cents"]),
        open=max(0, int(row["open"])) if own else 0,
        old_file="" if own else row["file"],
        carried=max(0, int(row["carried"])),
        before_portal=bool(row["before_portal"]),
    )


_COLUMNS = """
SELECT invoice.id, invoice.till_id, invoice.number, invoice.issued_on, invoice.due_on, invoice.period_start,
  invoice.period_end, invoice.cents, invoice.before_portal, invoice.family_id, family.number AS file,
  (SELECT COALESCE(SUM(leg.cents), 0) FROM leg WHERE leg.invoice_id = invoice.id) AS open,
  (SELECT COALESCE(SUM(moved.cents), 0) FROM merged_balance AS moved WHERE moved.invoice_id = invoice.id) AS carried
FROM invoice JOIN family ON family.id = invoice.family_id WHERE invoice.family_id IN ({marks})
"""
_YEARS = "SELECT DISTINCT issued_on FROM invoice WHERE family_id IN ({marks})"
_OF_YEAR = (
    f"{_COLUMNS} AND invoice.issued_on BETWEEN ? AND ? ORDER BY invoice.issued_on DESC, invoice.id DESC"
)
_ONE = f"{_COLUMNS} AND invoice.id = ?"


async def paid_with(payment: int) -> list[tuple[str, int]]:
    """What a payment is for besides an order: « Facture n° 16043631 », and how much of it, in cents."""
    found = await rows(_PAID_WITH, [payment])
    return [
        (f"Facture n°\u00a0{row['number']}" if row["number"] else row["label"], row["cents"]) for row in found
    ]


_PAID_WITH = f"""
SELECT invoice.number, COALESCE(entry.label,
  CASE part.kind WHEN '{PartKind.ADVANCE}' THEN 'Avance sur votre compte' ELSE 'Restant dû' END) AS label, part.cents
FROM payment_part AS part LEFT JOIN invoice ON invoice.id = part.invoice_id
LEFT JOIN entry ON entry.id = part.entry_id
WHERE part.payment_id = ? AND part.order_id IS NULL ORDER BY part.id
"""  # noqa: S608
