"""What the database knows of those that a batch of lines speaks of: a few questions, however many lines."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models.rules.families.letters import fold
from models.rules.imports.lines import Line
from models.rules.imports.register import Household, Kid, Parent, Register
from models.storage.database import as_date, marks, rows
from models.storage.folding import folded

CONTACT = ("email", "phone", "home_phone", "work_phone")


async def learn(register: Register, lines: Sequence[Line], year: int) -> None:
    """The households of these lines, those that the register does not know yet. Seven questions at most."""
    pupils = [pupil for line in lines for pupil in line.pupils]
    people = [one for line in lines for one in line.people]
    wanted = {
        *await _families(_NUMBERS, {fold(line.number) for line in lines if line.number}),
        *await _families(_BORN, {pupil.born for pupil in pupils if pupil.born is not None}),
        *await _families(_CALLED, {fold(pupil.last) for pupil in pupils if pupil.born is None}),
        *await _families(_EMAILS, {fold(one.contact["email"]) for one in people if "email" in one.contact}),
    }
    register.learn(await _households(sorted(wanted - register.known.keys()), year))


async def _families(question: str, values: Iterable[str | date]) -> set[int]:
    asked = list(values)
    if not asked:
        return set()
    found = await rows(question.format(marks=marks(asked), **_folded()), asked)
    return {row["family_id"] for row in found}


async def _households(families: Sequence[int], year: int) -> list[Household]:
    """With every child that lives there, whose home it is first too, so that brothers and sisters are found."""
    if not families:
        return []
    found = {
        row["id"]: Household(row["id"], row["number"], row["address"])
        for row in await rows(_HOUSEHOLDS.format(marks=marks(families)), families)
    }
    for row in await rows(_PARENTS.format(marks=marks(families)), families):
        contact = {column: row[column] for column in CONTACT if row[column]}
        found[row["family_id"]].parents.append(
            Parent(row["id"], row["first_name"], row["last_name"], contact)
        )
    for row in await rows(_KIDS.format(marks=marks(families)), [year, *families]):
        found[row["family_id"]].kids.append(_kid(row))
    return list(found.values())


def _kid(row: dict[str, Any]) -> Kid:
    return Kid(
        row["id"], row["first_name"], row["last_name"], as_date(row["born"]), row["school_id"], row["level"]
    )


def _folded() -> dict[str, str]:
    return {
        "number": folded("family.number"),
        "last": folded("child.last_name"),
        "email": folded("guardian.email"),
    }


_NUMBERS = "SELECT family.id AS family_id FROM family WHERE {number} IN ({marks})"
_BORN = """
SELECT home.family_id FROM child JOIN home ON home.child_id = child.id WHERE child.born IN ({marks})
"""
_CALLED = """
SELECT home.family_id FROM child JOIN home ON home.child_id = child.id WHERE {last} IN ({marks})
"""
_EMAILS = "SELECT guardian.family_id FROM guardian WHERE {email} IN ({marks})"
_HOUSEHOLDS = "SELECT id, number, address FROM family WHERE id IN ({marks}) ORDER BY id"
_PARENTS = """
SELECT id, family_id, first_name, last_name, email, phone, home_phone, work_phone FROM guardian
WHERE family_id IN ({marks}) ORDER BY family_id, position, id
"""
_KIDS = """
SELECT home.family_id, child.id, child.first_name, child.last_name, child.born, schooling.school_id, schooling.level
FROM home JOIN child ON child.id = home.child_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = ?
WHERE home.family_id IN ({marks}) ORDER BY home.id
"""
