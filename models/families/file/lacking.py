"""The papers without which a family books no more days: which are missing, for whom, and who is let off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.rules.dues import FROM_PAPERS
from models.rules.families.documents import PER, Condition, Paper
from models.rules.states.requests import RequestState
from models.storage.database import as_date, marks, rows


@dataclass(frozen=True, slots=True)
class Lack:
    """A paper that is missing. `child`: of one child; none: of the household, and it concerns all of them."""

    condition: Condition
    child: int | None

    def blocks(self, child: int, today: date) -> bool:
        """Does it keep this child's days from being booked? Before the commune's day it is only said."""
        return (self.child is None or self.child == child) and self.condition.blocks(today)


async def lacking(
    among: Sequence[Condition], family: int, children: Sequence[int], today: date
) -> list[Lack]:
    """What is missing, whether its day has come or not; nothing where the mairie exempts the family.

    One question, and none where the commune asks nothing.
    """
    if not among:
        return []
    ids = [one.id for one in among]
    sent: defaultdict[tuple[int, int | None], list[Paper]] = defaultdict(list)
    for row in await rows(_SENT.format(marks=marks(ids)), [family, *ids, family, today]):
        if row["state"] == _EXEMPT:
            return []
        state = RequestState(row["state"])
        sent[row["required_id"], row["child_id"]].append(Paper(state, _day(row["until"])))
    wanted = [Lack(one, child) for one in among for child in (children if one.per == PER[0] else (None,))]
    return [one for one in wanted if not one.condition.is_met(sent[one.condition.id, one.child], today)]


def _day(value: Any) -> date | None:
    return as_date(value) if value else None


_EXEMPT = "exempt"
_SENT = f"""
SELECT id, required_id, child_id, state, until FROM sent_document
WHERE family_id = ? AND state <> '{RequestState.WITHDRAWN}' AND required_id IN ({{marks}})
UNION ALL
SELECT id, NULL, NULL, '{_EXEMPT}', NULL FROM exemption
WHERE family_id = ? AND kind = '{FROM_PAPERS}' AND until >= ? AND ended_at IS NULL
ORDER BY id
"""  # noqa: S608
