"""Who comes to the counter: a family by a name, its number, an invoice's number, or the square on its invoice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.money.invoice import Invoice
from models.storage.database import marks, rows
from models.storage.paging import Where

MOST = 8  # families of one search
FEWEST = 2  # letters, below which a search finds everybody
SQUARE = re.compile(r"/factures/([0-9]{1,9})\b")


@dataclass(frozen=True, slots=True)
class Payer:
    id: int
    number: str
    name: str  # « Camille Durand », the first parent; "" without one
    children: tuple[str, ...]


async def find(words: str) -> list[Payer]:
    """By name, at most MOST."""
    square = SQUARE.search(words)
    if square:
        found = await Invoice.get_or_none(id=int(square[1]))
        return [await one(found.family_id)] if found else []
    if len(words) < FEWEST:
        return []
    conditions: list[str] = []
    values: list[Any] = []
    for link, columns in _SEARCHED.items():
        where = Where().containing(words, *columns)
        conditions.append(f"EXISTS (SELECT 1 FROM {link} AND {where.sql})")  # noqa: S608
        values += where.values
    return await _read(f"({' OR '.join(conditions)})", values)


async def one(family: int) -> Payer:
    """Raises LookupError."""
    found = await _read("family.id = ?", [family])
    if not found:
        raise LookupError(family)
    return found[0]


async def _read(condition: str, values: Sequence[Any]) -> list[Payer]:
    """`condition` is ours, never a visitor's."""
    found = await rows(f"{_PAYERS} WHERE {condition} ORDER BY name, family.id LIMIT {MOST}", values)
    ids = [row["id"] for row in found]
    children: dict[int, list[str]] = {id: [] for id in ids}
    for row in await rows(_CHILDREN.format(marks=marks(ids)), ids):
        children[row["family_id"]].append(row["first_name"])
    return [Payer(row["id"], row["number"], row["name"], tuple(children[row["id"]])) for row in found]


def _both_ways(person: str) -> tuple[str, str]:
    first, last = f"{person}.first_name", f"{person}.last_name"
    return f"{first} || ' ' || {last}", f"{last} || ' ' || {first}"


_SEARCHED = {
    "family AS own WHERE own.id = family.id": ("own.number",),
    "guardian WHERE guardian.family_id = family.id": _both_ways("guardian"),
    "home JOIN child ON child.id = home.child_id WHERE home.family_id = family.id": _both_ways("child"),
    "invoice WHERE invoice.family_id = family.id": ("invoice.number",),
}
_PAYERS = """
SELECT family.id, family.number, COALESCE((SELECT guardian.first_name || ' ' || guardian.last_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1), '') AS name FROM family"""
_CHILDREN = """
SELECT home.family_id, child.first_name FROM home JOIN child ON child.id = home.child_id
WHERE home.family_id IN ({marks}) ORDER BY home.position, child.id
"""
