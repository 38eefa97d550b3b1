"""Work that is late, and the journal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.clock import real
from models.rules.journal import HOUSE, link
from models.storage.database import as_instant, rows
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
                if cut or row["hash"] != _hash(previous, row):
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
SELECT id, at, actor, action, object, family_id, details, hash FROM event WHERE id > ? ORDER BY id LIMIT ?
"""


def _hash(previous: str, row: dict[str, Any]) -> str:
    details, at = row["details"], as_instant(row["at"])
    details = json.loads(details) if isinstance(details, str) else details
    facts = (row["actor"], row["action"], row["object"], row["family_id"], details)
    return link(previous, at, *facts) if at else ""


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
    Journal(),
)
