"""Many households at once, for what goes through the whole town: as many statements for two hundred as for one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from models.families.household import EnrolmentFacts, Household, children_of
from models.storage.database import as_date, marks, rows


async def read_many(families: Sequence[int]) -> dict[int, Household]:
    """Each as `Household.read` reads it, by the family's id."""
    people = await _by_family(_PEOPLE, families)
    enrolled = await _by_family(_ENROLLED, families)
    paid = await _by_family(_MEMBERS, families)
    quotients = await _by_family(_QUOTIENTS, families)
    declined = await _by_family(_DECLINED, families)
    return {
        id: Household(
            family=id,
            category=people[id][0]["category"] if people[id] else None,
            children=children_of(people[id]),
            enrolments=tuple(_enrolment(row) for row in enrolled[id]),
            members=frozenset((row["child_id"], row["activity_id"]) for row in paid[id]),
            quotients=tuple((as_date(row["start"]), _end(row), row["value"]) for row in quotients[id]),
            declined=frozenset((row["child_id"], row["activity_id"]) for row in declined[id]),
        )
        for id in families
    }


async def _by_family(sql: str, families: Sequence[int]) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in await rows(sql.format(marks=marks(families)), families):
        found[row["family_id"]].append(row)
    return found


def _enrolment(row: dict[str, Any]) -> EnrolmentFacts:
    return EnrolmentFacts(
        row["id"],
        row["child_id"],
        row["activity_id"],
        row["group_id"],
        row["category"],
        as_date(row["start"]),
        as_date(row["end"]),
    )


def _end(row: dict[str, Any]) -> date | None:
    return None if row["end"] is None else as_date(row["end"])


_PEOPLE = """
SELECT home.family_id, child.id, child.first_name, child.last_name, child.born, child.sex, family.category,
       schooling.year_id, schooling.level, school.code AS school
FROM home JOIN child ON child.id = home.child_id JOIN family ON family.id = home.family_id
LEFT JOIN schooling ON schooling.child_id = child.id LEFT JOIN school ON school.id = schooling.school_id
WHERE home.family_id IN ({marks}) ORDER BY home.family_id, home.position, child.id
"""
_ENROLLED = """
SELECT family_id, id, child_id, activity_id, group_id, category, start, "end" FROM enrolment
WHERE family_id IN ({marks}) ORDER BY family_id, position, id
"""
_MEMBERS = """
SELECT home.family_id, membership.child_id, membership.activity_id
FROM membership JOIN home ON home.child_id = membership.child_id WHERE home.family_id IN ({marks})
"""
_QUOTIENTS = """
SELECT family_id, start, "end", value FROM quotient WHERE family_id IN ({marks}) ORDER BY family_id, start DESC
"""
_DECLINED = "SELECT family_id, child_id, activity_id FROM membership_declined WHERE family_id IN ({marks})"
