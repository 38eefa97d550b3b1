"""Work that is late, and the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.clock import real
from models.rules.journal import HOUSE, digest, link
from models.storage.database import as_instant, as_json, rows
from models.storage.integrity.promises import Check, Promise, stands

DAY = 24 * 3600.0
PIECE = 5000  # journal rows read at once

TASKS = "SELECT id FROM task WHERE state = 'ready' AND (due < ? OR (tries > 1 AND created < ?))"


@dataclass(frozen=True, slots=True)
class Journal:
    """Each row follows the one before it in its chain, and no chain is shorter or longer than it was written.

    It grows meanwhile: what was there when the reading began must be there, and nothing that is not at its end.
    """

    invariant: str = "journal"
    what: str = "lignes réécrites, ajoutées ou effacées"

    async def broken(self) -> Sequence[str]:
        before = await self._ends()
        found: list[str] = []
        chains: dict[int, tuple[int, str]] = {}
        last = 0
        while piece := await rows(self.ROWS, [last, PIECE]):
            last = piece[-1]["id"]
            for row in piece:
                chain = row["family_id"] or HOUSE
                length, previous = chains.get(chain, (0, ""))
                chains[chain] = length + 1, row["hash"]
                cut = chain in before and length + 1 == before[chain][0] and row["hash"] != before[chain][1]
                if cut or (row["hash"] or "-") != _hash(previous, row):
                    found.append(f"n° {row['id']}")
        after = await self._ends()
        for chain in sorted({*before, *after, *chains}):
            length, _ = chains.get(chain, (0, ""))
            if not before.get(chain, (0, ""))[0] <= length <= after.get(chain, (0, ""))[0]:
                found.append(f"famille {chain}" if chain else "commune")
        return found

    async def _ends(self) -> dict[int, tuple[int, str]]:
        return {row["id"]: (row["length"], row["hash"]) for row in await rows(self.ENDS)}

    ENDS = "SELECT id, length, hash FROM event_chain"
    ROWS = """
SELECT id, at, actor, action, object, family_id, details, salt, digest, emptied_at, hash FROM event
WHERE id > ? ORDER BY id LIMIT ?
"""


def _hash(previous: str, row: dict[str, Any]) -> str:
    """What it should be; nothing for a row whose details are not those of its digest."""
    at = as_instant(row["at"])
    if not at or not _is_of(row["digest"], row):
        return ""
    facts = (row["actor"], row["action"], row["object"], row["family_id"], row["digest"])
    return link(previous, at, *facts)


def _is_of(said: str, row: dict[str, Any]) -> bool:
    details, salt = as_json(row["details"]), row["salt"]
    if row["emptied_at"] is not None:
        return details == {} and salt is None
    return salt is not None and digest(salt, details) == said


# What was emptied, an erasure emptied, and the journal says so.
EMPTIED = """
SELECT event.id FROM event WHERE event.emptied_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event AS done
  WHERE done.action IN ('family.anonymised', 'family.anonymised_again') AND done.at = event.emptied_at
    AND (done.family_id = event.family_id OR event.family_id IS NULL))
"""

# Each parent's bell tells what was told to the household, or to them alone.
BELLS = f"""
SELECT bell_entry.id FROM bell_entry JOIN notice ON notice.id = bell_entry.notice_id
JOIN guardian ON guardian.id = bell_entry.guardian_id
WHERE {stands("guardian.family_id")} <> {stands("notice.family_id")}
  OR COALESCE(notice.guardian_id, guardian.id) <> guardian.id
  OR notice.told_at IS NULL
"""


def _yesterday() -> list[float]:
    return [real() - DAY, real() - 2 * DAY]


PROMISES: tuple[Promise, ...] = (
    Check("I12", "travaux en attente depuis plus de 24 heures", TASKS, _yesterday),
    Check("I12", "notifications d’un autre, ou de rien", BELLS),
    Check("journal", "lignes vidées sans anonymisation", EMPTIED),
    Journal(),
)
