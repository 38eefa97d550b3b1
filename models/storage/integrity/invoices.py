"""Invoices: their numbers, their lines, their entries; and papers as they were issued."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.storage.database import as_date, rows
from models.storage.integrity.promises import Check, Promise, Reading

# Those of before this portal were numbered elsewhere.
NUMBERS = "SELECT till_id, issued_on, number FROM invoice WHERE NOT before_portal"


def _holes(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """By till and year, the numbers count 1, 2, 3…: the last digits of what is printed."""
    series: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in facts:
        digits = re.search(r"(\d+)\D*$", row["number"])
        series[row["till_id"], as_date(row["issued_on"]).year].append(int(digits[1]) if digits else 0)
    for (till, year), numbers in sorted(series.items()):
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"régie {till}, {year}"


INVOICES = """
SELECT number AS id FROM invoice
WHERE cents <> (SELECT COALESCE(SUM(invoice_line.cents), 0) FROM invoice_line
    WHERE invoice_line.invoice_id = invoice.id)
  OR cents <> (SELECT COALESCE(SUM(leg.cents), 0) FROM leg JOIN account ON account.id = leg.account_id
    JOIN entry ON entry.id = leg.entry_id
    WHERE leg.invoice_id = invoice.id AND leg.cents > 0 AND entry.kind <> 'apply' AND account.kind = 'family'
      AND account.family_id = invoice.family_id AND account.till_id = invoice.till_id)
"""

# A leg that is counted with an invoice belongs to that very invoice, and the other way round.
# Which one a payment pays, its parts say.
DOCUMENTS = """
SELECT entry.key AS id FROM leg JOIN entry ON entry.id = leg.entry_id JOIN account ON account.id = leg.account_id
LEFT JOIN invoice ON invoice.id = leg.invoice_id
WHERE (leg.invoice_id IS NOT NULL AND (invoice.id IS NULL OR account.kind <> 'family'
    OR account.family_id <> invoice.family_id OR account.till_id <> invoice.till_id
    OR entry.kind NOT IN ('payment', 'apply') AND entry.key NOT IN (
      'opening:invoice:' || invoice.till_id || ':' || invoice.number,
      'opening:invoice:' || invoice.till_id || ':' || invoice.number || ':paid')))
  OR (leg.invoice_id IS NULL AND account.kind = 'family' AND entry.key LIKE 'opening:invoice:%')
"""

# No invoice is paid by more than it is: what is over is a credit of the account.
OVERPAID = """
SELECT invoice.number AS id FROM leg JOIN invoice ON invoice.id = leg.invoice_id
GROUP BY invoice.id, invoice.number HAVING SUM(leg.cents) < 0
"""

PIECE = 200  # documents read at once: some 25 kB each


@dataclass(frozen=True, slots=True)
class Documents:
    """A document's bytes are those that were issued. Neither database can hash them, so they are read in pieces."""

    invariant: str = "I13"
    what: str = "documents émis dont le contenu a changé"

    async def broken(self) -> Sequence[str]:
        found: list[str] = []
        last = 0
        while piece := await rows(self.ROWS, [last, PIECE]):
            last = piece[-1]["id"]
            found += [row["key"] for row in piece if _altered(row)]
        return found

    ROWS = "SELECT id, key, size, sha256, content FROM issued_document WHERE id > ? ORDER BY id LIMIT ?"


def _altered(row: dict[str, Any]) -> bool:
    content = bytes(row["content"])
    return (len(content), hashlib.sha256(content).hexdigest()) != (row["size"], row["sha256"])


PROMISES: tuple[Promise, ...] = (
    Reading("I9", "numéros de factures qui ne se suivent pas", NUMBERS, _holes),
    Check("I10", "factures qui ne sont pas la somme de leurs lignes, ou de leur écriture", INVOICES),
    Check("I10", "écritures rattachées à une facture qui n’est pas la leur", DOCUMENTS),
    Check("I10", "factures payées au-delà de leur montant", OVERPAID),
    Documents(),
)
