"""What came with the commune file, beside what the journal says came with it."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from models.rules.journal import fingerprint
from models.storage.integrity.promises import Promise, Reading

OPENED = """
SELECT 'said' AS side, family_id AS family, CAST(details AS TEXT) AS what, '' AS child, '' AS label, 0 AS place,
  0 AS quantity, 0 AS unit_cents, 0 AS cents
FROM event WHERE action = 'family.opened'
UNION ALL
SELECT 'entries', account.family_id, entry.key, '', '', 0, 0, 0, leg.cents
FROM entry JOIN leg ON leg.entry_id = entry.id JOIN account ON account.id = leg.account_id
WHERE entry.kind = 'opening' AND account.kind = 'family'
UNION ALL
SELECT 'members', family_id, child_id || '-' || activity_id, '', '', 0, 0, 0, cents
FROM membership WHERE paid_at IS NULL
UNION ALL
SELECT 'invoices', family_id, till_id || ':' || number, '', CAST(issued_on AS TEXT), -1, 0, 0, cents
FROM invoice WHERE before_portal
UNION ALL
SELECT 'invoices', invoice.family_id, invoice.till_id || ':' || invoice.number, line.child, line.label, line.position,
  line.quantity, line.unit_cents, line.cents
FROM invoice JOIN invoice_line AS line ON line.invoice_id = invoice.id WHERE invoice.before_portal
"""


def _unsaid(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Debts, invoices and memberships that no file brought, that are not as they came, or that are gone."""
    said: dict[tuple[Any, str, str], Any] = {}
    there: dict[tuple[Any, str, str], Any] = {}
    papers: dict[tuple[Any, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in facts:
        at = row["family"], row["side"], row["what"]
        if row["side"] == "invoices":
            papers[at].append(row)
        elif row["side"] != "said":
            there[at] = row["cents"]
        else:
            brought = json.loads(row["what"])
            found = {**brought, "members": dict.fromkeys(brought.get("members", ()), 0)}
            said |= {
                (row["family"], side, what): to for side, all_ in found.items() for what, to in all_.items()
            }
    for at, pieces in papers.items():
        head, *lines = sorted(pieces, key=lambda row: row["place"])
        shown = [tuple(line[name] for name in PRINTED) for line in lines]
        there[at] = fingerprint(head["label"], head["cents"], shown)
    wrong = (
        at for at in said.keys() | there.keys() if at not in said or at not in there or said[at] != there[at]
    )
    return (f"famille {family}, {what}" for family, _, what in sorted(wrong, key=str))


PRINTED = ("child", "label", "quantity", "unit_cents", "cents")

PROMISES: tuple[Promise, ...] = (
    Reading("I3", "reprises que le fichier de la commune n’a pas dites, ou autrement", OPENED, _unsaid),
)
