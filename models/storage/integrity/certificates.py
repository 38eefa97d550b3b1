"""Tax certificates: each is the sum that it tells, the journal says what left, none is replaced by another family's."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from models.storage.database import as_json
from models.storage.integrity.promises import Check, Promise, Reading

# The journal, which nobody rewrites, says which certificates left and over how much.
SAID = """
SELECT 'said' AS side, CAST(event.details AS TEXT) AS what, 0 AS cents, NULL AS children FROM event
WHERE event.action = 'certificates.issued'
UNION ALL
SELECT 'there', CAST(id AS TEXT), cents, CAST(children AS TEXT) FROM tax_certificate WHERE issued_on IS NOT NULL
"""


def _untrue(facts: Sequence[dict[str, Any]]) -> Iterator[str]:
    said: dict[str, int] = {}
    there: dict[str, int] = {}
    for row in facts:
        if row["side"] == "said":
            said |= json.loads(row["what"])["papers"]
            continue
        there[row["what"]] = row["cents"]
        if sum(cents for child in as_json(row["children"]) for _, cents in child["paid"]) != row["cents"]:
            yield f"attestation {row['what']}"
    wrong = (id for id in said.keys() | there.keys() if said.get(id) != there.get(id))
    yield from (f"attestation {id}" for id in sorted(wrong))


# A certificate replaces an earlier one of that very family and year; one that left has a run that was issued.
REPLACED = """
SELECT one.id FROM tax_certificate AS one LEFT JOIN tax_certificate AS older ON older.id = one.replaces_id
JOIN certificate_run AS run ON run.id = one.run_id
WHERE run.year <> one.year OR (one.issued_on IS NOT NULL AND run.issuing_at IS NULL)
  OR (one.replaces_id IS NOT NULL AND NOT COALESCE(older.family_id = one.family_id AND older.year = one.year
    AND older.id < one.id AND older.issued_on IS NOT NULL, FALSE))
"""

PROMISES: tuple[Promise, ...] = (
    Reading("attestations", "attestations fiscales que le journal ne dit pas, ou autrement", SAID, _untrue),
    Check("attestations", "attestations fiscales d’une autre année ou d’une autre famille", REPLACED),
)
