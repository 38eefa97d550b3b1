"""What the journal keeps of a family, with the names of those it speaks of."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from models.storage.database import as_instant, as_json, marks, rows

ROWS = 50  # of one page


@dataclass(frozen=True, slots=True)
class JournalLine:
    at: datetime
    action: str
    who: str  # a person's name, or who the journal says it was: "clock", "bank:demo"
    about: str  # the name of the child or parent it is about; ""
    details: Mapping[str, Any]


async def page(family: int, number: int, size: int = ROWS) -> tuple[list[JournalLine], bool]:
    """The last first, and whether there are older ones. `number`: which page, the first is 1."""
    found = await rows(_PAGE, [family, size + 1, size * (number - 1)])
    names = await _names({row[column] for row in found for column in ("actor", "object")})
    return [_line(row, names) for row in found[:size]], len(found) > size


def _line(row: dict[str, Any], names: Mapping[str, str]) -> JournalLine:
    return JournalLine(
        at=cast(datetime, as_instant(row["at"])),
        action=row["action"],
        who=names.get(row["actor"], row["actor"]),
        about=names.get(row["object"], ""),
        details=as_json(row["details"]) or {},
    )


async def _names(said: Collection[str]) -> dict[str, str]:
    """Of the people among what the journal names: « guardian:3 »."""
    found: dict[str, str] = {}
    for noun, name in _PEOPLE.items():
        ids = [int(one.partition(":")[2]) for one in said if re.fullmatch(rf"{noun}:[0-9]+", one)]
        for row in await rows(f"SELECT id, {name} AS name FROM {noun} WHERE id IN ({marks(ids)})", ids):  # noqa: S608
            found[f"{noun}:{row['id']}"] = row["name"]
    return found


_PEOPLE = {
    "guardian": "first_name || ' ' || last_name",
    "child": "first_name || ' ' || last_name",
    "member": "name",
}
_PAGE = """
SELECT at, action, actor, object, details FROM event WHERE family_id = ? ORDER BY id DESC LIMIT ? OFFSET ?
"""
