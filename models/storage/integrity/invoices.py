"""Invoices: their numbers, their lines, their entries; and papers as they were issued."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.rules.booking import BookingState
from models.rules.states.campaigns import CampaignState
from models.rules.states.documents import ERASABLE, DocumentKind
from models.rules.states.orders import Billing
from models.storage.database import rows, sql_list
from models.storage.integrity.promises import Check, Promise, Reading

# Those of before this portal were numbered elsewhere.
NUMBERS = """
SELECT till_id, series_year, 'factures' AS kind, rank FROM invoice WHERE NOT before_portal
UNION ALL SELECT till_id, series_year, 'avoirs', rank FROM credit_note
UNION ALL SELECT till_id, series_year, 'reçus', rank FROM receipt
UNION ALL SELECT till_id, series_year, 'décharges', rank FROM discharge
UNION ALL SELECT till_id, series_year, 'bordereaux', rank FROM deposit
"""


def _holes(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """By till, year and kind, the ranks count 1, 2, 3…"""
    series: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for row in facts:
        series[row["till_id"], row["series_year"] or 0, row["kind"]].append(row["rank"] or 0)
    for (till, year, kind), ranks in sorted(series.items()):
        if sorted(ranks) != list(range(1, len(ranks) + 1)):
            yield f"régie {till}, {kind} {year or 'sans année'}"


# A series has issued as many as it says: the last one taken away is a hole too.
NUMBERED = {
    DocumentKind.INVOICE: "invoice WHERE NOT invoice.before_portal AND invoice",
    DocumentKind.CREDIT_NOTE: "credit_note WHERE credit_note",
    DocumentKind.RECEIPT: "receipt WHERE receipt",
    DocumentKind.DISCHARGE: "discharge WHERE discharge",
    DocumentKind.DEPOSIT: "deposit WHERE deposit",
}
_COUNTED = " ".join(
    f"WHEN '{kind}' THEN (SELECT COUNT(*) FROM {table}.till_id = series.till_id"
    f" AND {table.rpartition(' ')[2]}.series_year = series.year)"
    for kind, table in NUMBERED.items()
)
LAST = f"""
SELECT 'régie ' || series.till_id || ', ' || series.year AS id FROM number_series AS series
WHERE series.kind IN {sql_list(NUMBERED)} AND series.issued <> CASE series.kind {_COUNTED} END
"""

INVOICES = """
SELECT number AS id FROM invoice
WHERE cents <> (SELECT COALESCE(SUM(invoice_line.cents), 0) FROM invoice_line
    WHERE invoice_line.invoice_id = invoice.id)
  OR cents <> (SELECT COALESCE(SUM(leg.cents), 0) FROM leg JOIN account ON account.id = leg.account_id
    JOIN entry ON entry.id = leg.entry_id
    WHERE leg.invoice_id = invoice.id AND account.kind = 'family'
      AND account.family_id = invoice.family_id AND account.till_id = invoice.till_id
      AND entry.key = CASE WHEN invoice.before_portal THEN 'opening:invoice:' ELSE 'inv:' END
        || invoice.till_id || ':' || invoice.number)
UNION
SELECT number FROM credit_note
WHERE cents <> (SELECT COALESCE(SUM(line.cents), 0) FROM credit_note_line AS line
    WHERE line.credit_note_id = credit_note.id)
"""

# A leg that is counted with an invoice belongs to that very invoice, and the other way round.
# Which one a payment pays, its parts say; which one a credit note lowers, the note.
DOCUMENTS = """
SELECT entry.key AS id FROM leg JOIN entry ON entry.id = leg.entry_id JOIN account ON account.id = leg.account_id
LEFT JOIN invoice ON invoice.id = leg.invoice_id
WHERE (leg.invoice_id IS NOT NULL AND (invoice.id IS NULL OR account.kind <> 'family'
    OR account.family_id <> invoice.family_id OR account.till_id <> invoice.till_id
    OR entry.kind NOT IN ('payment', 'apply', 'credit_note', 'reversal', 'write_off', 'merge')
      AND entry.key NOT IN ('opening:invoice:' || invoice.till_id || ':' || invoice.number,
      'opening:invoice:' || invoice.till_id || ':' || invoice.number || ':paid',
      'inv:' || invoice.till_id || ':' || invoice.number)))
  OR (leg.invoice_id IS NULL AND account.kind = 'family' AND (entry.key LIKE 'opening:invoice:%'
    OR entry.key LIKE 'inv:%'))
"""

# A credit note is of its invoice's family and till; it takes back the days that name it, at what they cost there.
CREDIT_NOTES = """
SELECT credit_note.number AS id FROM credit_note JOIN invoice ON invoice.id = credit_note.invoice_id
WHERE credit_note.family_id <> invoice.family_id OR credit_note.till_id <> invoice.till_id OR invoice.before_portal
  OR credit_note.cents <> (SELECT COALESCE(SUM(invoiced_booking.cents), 0) FROM invoiced_booking
    WHERE invoiced_booking.credit_note_id = credit_note.id AND invoiced_booking.invoice_id = credit_note.invoice_id)
UNION
SELECT 'réservation ' || booking_id FROM invoiced_booking JOIN credit_note ON credit_note.id = credit_note_id
WHERE invoiced_booking.invoice_id <> credit_note.invoice_id
"""

# What an invoice bills is the bookings that it names: of that family, that till, until the end of its period.
BILLED = f"""
SELECT invoice.number AS id FROM invoice WHERE NOT invoice.before_portal AND invoice.cents <> (
  SELECT COALESCE(SUM(invoiced_booking.cents), 0) FROM invoiced_booking WHERE invoiced_booking.invoice_id = invoice.id)
UNION
SELECT invoice.number FROM invoiced_booking JOIN invoice ON invoice.id = invoiced_booking.invoice_id
JOIN invoice_line ON invoice_line.id = invoiced_booking.invoice_line_id
JOIN booking ON booking.id = invoiced_booking.booking_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
WHERE invoice_line.invoice_id <> invoice.id OR invoice_line.activity_id <> activity.id
  OR invoice_line.child_row_id <> booking.child_id OR booking.family_id <> invoice.family_id
  OR activity.till_id <> invoice.till_id OR activity.billing <> '{Billing.INVOICED}' OR booking.day > invoice.period_end
"""

# Every day that was due when the drafts were made is on an invoice, unless it costs nothing or too little for one.
FORGOTTEN = f"""
SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN invoice_campaign AS campaign ON campaign.till_id = activity.till_id AND campaign.state = '{CampaignState.ISSUED}'
  AND booking.day BETWEEN campaign.period_start AND campaign.period_end AND booking.changed_at < campaign.drafted_at
WHERE activity.billing = '{Billing.INVOICED}' AND booking.billed
  AND booking.state IN ('{BookingState.CONFIRMED}', '{BookingState.CANCELLED}')
  AND NOT EXISTS (SELECT 1 FROM invoiced_booking WHERE invoiced_booking.booking_id = booking.id)
  AND NOT EXISTS (SELECT 1 FROM invoice_draft WHERE invoice_draft.campaign_id = campaign.id
    AND invoice_draft.family_id = booking.family_id AND invoice_draft.invoice_id IS NULL)
"""

# An invoice left with its campaign: what it says is what somebody read in the draft.
DRAFTED = f"""
SELECT invoice.number AS id FROM invoice LEFT JOIN invoice_draft ON invoice_draft.invoice_id = invoice.id
LEFT JOIN invoice_campaign AS campaign ON campaign.id = invoice_draft.campaign_id
WHERE NOT invoice.before_portal AND (invoice_draft.id IS NULL OR invoice_draft.cents <> invoice.cents
  OR invoice_draft.family_id <> invoice.family_id OR campaign.till_id <> invoice.till_id
  OR campaign.issue_on <> invoice.issued_on OR campaign.state = '{CampaignState.DISCARDED}')
"""

# The journal, which nobody rewrites, says what left.
SAID = """
SELECT 'said' AS side, till.id AS till, CAST(event.details AS TEXT) AS what, 0 AS cents
FROM event JOIN till ON till.id = CAST(event.details->>'till' AS INTEGER) WHERE event.action = 'invoices.issued'
UNION ALL
SELECT 'there', till_id, number, cents FROM invoice WHERE NOT before_portal
UNION ALL
SELECT 'there', till_id, number, cents FROM credit_note
"""


def _unsaid(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    said: dict[tuple[int, str], int] = {}
    there: dict[tuple[int, str], int] = {}
    for row in facts:
        if row["side"] == "there":
            there[row["till"], row["what"]] = row["cents"]
        else:
            papers = json.loads(row["what"])["papers"]
            said |= {(row["till"], number): cents for number, cents in papers.items()}
    wrong = (at for at in said.keys() | there.keys() if said.get(at) != there.get(at))
    return (f"régie {till}, {number}" for till, number in sorted(wrong))


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

    # Of an erased family, what no law keeps is empty.
    ROWS = f"""
SELECT id, key, size, sha256, content FROM issued_document
WHERE id > ? AND NOT (kind IN {sql_list(sorted(ERASABLE))} AND LENGTH(content) = 0) ORDER BY id LIMIT ?
"""


def _altered(row: dict[str, Any]) -> bool:
    content = bytes(row["content"])
    return (len(content), hashlib.sha256(content).hexdigest()) != (row["size"], row["sha256"])


PROMISES: tuple[Promise, ...] = (
    Reading("I9", "numéros de factures qui ne se suivent pas", NUMBERS, _holes),
    Check("I9", "derniers numéros qui manquent", LAST),
    Check("I7", "factures qui ne sont pas la somme de leurs jours", BILLED),
    Check("I7", "jours facturés nulle part", FORGOTTEN),
    Reading("I10", "factures ou avoirs que le journal ne dit pas, ou autrement", SAID, _unsaid),
    Check("I10", "factures que personne n’a relues", DRAFTED),
    Check("I10", "avoirs qui ne sont pas la somme de leurs jours, ou d’une autre facture", CREDIT_NOTES),
    Check("I10", "factures qui ne sont pas la somme de leurs lignes, ou de leur écriture", INVOICES),
    Check("I10", "écritures rattachées à une facture qui n’est pas la leur", DOCUMENTS),
    Check("I10", "factures payées au-delà de leur montant", OVERPAID),
    Documents(),
)
