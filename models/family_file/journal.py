"""What the journal keeps of a family, with the names of those it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.storage.database import as_instant, as_json, rows
from models.work.journal_list import names_of

ROWS = 50  # of one page


@dataclass(frozen=True, slots=True)
class JournalLine:
    at: datetime
    action: str
    who: str  # a person's name, or who the journal says it was: "clock", "bank:demo"
    about: str  # the name of what it is about; ""
    details: Mapping[str, Any]
    emptied_at: datetime | None = None  # an erasure took the details away


async def page(family: int, number: int, size: int = ROWS) -> tuple[list[JournalLine], bool]:
    """The last first, and whether there are older ones. `number`: which page, the first is 1."""
    found = await rows(_PAGE, [family, size + 1, size * (number - 1)])
    names = await names_of({row[column] for row in found for column in ("actor", "object")})
    return [_line(row, names) for row in found[:size]], len(found) > size


def _line(row: dict[str, Any], names: Mapping[str, str]) -> JournalLine:
    return JournalLine(
        at=cast(datetime, as_instant(row["at"])),
        action=row["action"],
        who=names.get(row["actor"], row["actor"]),
        about=names.get(row["object"], ""),
        details=as_json(row["details"]) or {},
        emptied_at=as_instant(row["emptied_at"]),
    )


_PAGE = """
SELECT at, action, actor, object, details, emptied_at FROM event
WHERE family_id = ? ORDER BY id DESC LIMIT ? OFFSET ?
"""
