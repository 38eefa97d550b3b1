"""The families as the mairie finds them: a page of the list, with as many questions for two hundred as for five."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.storage.database import marks, rows
from models.storage.paging import LIKE_MARKS, Cut, Listing, Name, Page, Where

FEWEST_DIGITS = 4  # of a telephone


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """`owed` and `credit` are cents: what it owes at some tills, what others hold in its favour."""

    id: int
    number: str
    active: bool  # has one of the parents connected?
    guardians: tuple[Person, ...]
    children: tuple[str, ...]
    quotient: int | None  # of the day
    owed: int
    credit: int

    @property
    def name(self) -> str:
        return ", ".join(person.name for person in self.guardians) or f"Famille {self.number}"


async def page(
    cut: Cut, today: date, *, state: str = "", school: int | None = None, search: str = ""
) -> Page[FamilyRow]:
    """Of a file that was merged, only who types its very number is told.

    `state`: "" all, « owes », « credit », « inactive » nobody has connected, « unknown » no quotient today."""
    where = searched(search).and_also(_STANDS, search.strip())
    if state == "unknown":
        where = where.and_also(f"NOT EXISTS ({_QUOTIENT})", today, today)
    elif state:
        where = where.and_also(_STATES[state])
    if school is not None:
        where = where.and_also(_IN_SCHOOL, school, today, today)
    found = await _LISTING.page(where, cut)
    return Page(await _told(found.rows, today), found.total, found.number, found.size)


def searched(words: str) -> Where:
    """A name of the family, its number, an e-mail, or a part of a telephone however it is written."""
    if not words:
        return Where()
    tried: list[str] = []
    values: list[Any] = []
    for link, columns in _SEARCHED.items():
        where = Where().containing(words, *columns)
        tried.append(f"EXISTS (SELECT 1 FROM {link} AND {where.sql})")  # noqa: S608
        values += where.values
    digits = re.sub(r"[\s.\-/+()]", "", words)
    if digits.isascii() and digits.isdigit() and len(digits) >= FEWEST_DIGITS:
        tried.append(_PHONE)
        values.append(f"%{digits.removeprefix('33').removeprefix('0').translate(LIKE_MARKS)}%")
    return Where().and_also(" OR ".join(tried), *values)


async def _told(found: Sequence[dict[str, Any]], today: date) -> list[FamilyRow]:
    ids = [row["id"] for row in found]
    parents: defaultdict[int, list[Person]] = defaultdict(list)
    for row in await rows(_PARENTS.format(marks=marks(ids)), ids):
        parents[row["family_id"]].append(Person(row["name"], row["email"], row["phone"] or ""))
    children: defaultdict[int, list[str]] = defaultdict(list)
    for row in await rows(_CHILDREN.format(marks=marks(ids)), ids):
        children[row["family_id"]].append(row["first_name"])
    quotients = {
        row["family_id"]: row["value"]
        for row in await rows(_QUOTIENTS.format(marks=marks(ids)), [*ids, today, today])
    }
    standings: defaultdict[int, list[int]] = defaultdict(list)
    for row in await rows(_STANDINGS.format(marks=marks(ids)), ids):
        standings[row["family_id"]].append(int(row["cents"]))
    return [
        FamilyRow(
            id=row["id"],
            number=row["number"],
            active=bool(row["active"]),
            guardians=tuple(parents[row["id"]]),
            children=tuple(children[row["id"]]),
            quotient=quotients.get(row["id"]),
            owed=sum(cents for cents in standings[row["id"]] if cents > 0),
            credit=-sum(cents for cents in standings[row["id"]] if cents < 0),
        )
        for row in found
    ]


def _both_ways(person: str) -> tuple[str, str]:
    first, last = f"{person}.first_name", f"{person}.last_name"
    return f"{first} || ' ' || {last}", f"{last} || ' ' || {first}"


_STANDS = """family.number = ?
  OR NOT EXISTS (SELECT 1 FROM family_merge WHERE family_merge.family_id = family.id)"""
_SEARCHED = {
    "family AS own WHERE own.id = family.id": ("own.number",),
    "guardian WHERE guardian.family_id = family.id": (*_both_ways("guardian"), "guardian.email"),
    "home JOIN child ON child.id = home.child_id WHERE home.family_id = family.id": _both_ways("child"),
}
_PHONE = r"""EXISTS (SELECT 1 FROM guardian WHERE guardian.family_id = family.id
  AND REPLACE(REPLACE(REPLACE(guardian.phone, ' ', ''), '.', ''), '-', '') LIKE ? ESCAPE '\')"""
_ACTIVE = """EXISTS (SELECT 1 FROM guardian
  WHERE guardian.family_id = family.id AND guardian.activated_at IS NOT NULL)"""
_STANDING = """EXISTS (SELECT 1 FROM account JOIN leg ON leg.account_id = account.id
  WHERE account.family_id = family.id AND account.kind = 'family' GROUP BY account.id HAVING SUM(leg.cents) {sign} 0)"""
_STATES = {
    "owes": _STANDING.format(sign=">"),
    "credit": _STANDING.format(sign="<"),
    "inactive": f"NOT {_ACTIVE}",
}
_QUOTIENT = """SELECT 1 FROM quotient WHERE quotient.family_id = family.id AND quotient.start <= ?
  AND (quotient."end" IS NULL OR quotient."end" >= ?)"""
_IN_SCHOOL = """EXISTS (SELECT 1 FROM home JOIN schooling ON schooling.child_id = home.child_id
  JOIN school_year ON school_year.id = schooling.year_id
  WHERE home.family_id = family.id AND schooling.school_id = ? AND school_year.ends >= ? AND NOT EXISTS (
    SELECT 1 FROM school_year AS nearer WHERE nearer.ends >= ? AND nearer.ends < school_year.ends))"""
_FIRST = """COALESCE((SELECT guardian.last_name || ' ' || guardian.first_name FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1), '')"""
_LISTING: Listing[dict[str, Any]] = Listing(
    columns=f"family.id, family.number, CASE WHEN {_ACTIVE} THEN 1 ELSE 0 END AS active",
    source="family",
    orders={
        "name": (Name(_FIRST), "family.id"),
        "number": ("LENGTH(family.number)", "family.number", "family.id"),
    },
    row=lambda row: row,
)
_PARENTS = """
SELECT family_id, first_name || ' ' || last_name AS name, email, phone FROM guardian
WHERE family_id IN ({marks}) ORDER BY position, id
"""
_CHILDREN = """
SELECT home.family_id, child.first_name FROM home JOIN child ON child.id = home.child_id
WHERE home.family_id IN ({marks}) ORDER BY home.position, child.id
"""
_QUOTIENTS = """
SELECT family_id, value FROM quotient WHERE family_id IN ({marks}) AND start <= ?
  AND ("end" IS NULL OR "end" >= ?) ORDER BY start
"""
_STANDINGS = """
SELECT account.family_id, SUM(leg.cents) AS cents FROM account JOIN leg ON leg.account_id = account.id
WHERE account.kind = 'family' AND account.family_id IN ({marks}) GROUP BY account.id, account.family_id
"""
