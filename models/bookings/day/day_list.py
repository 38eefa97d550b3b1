"""Who is expected on a day, child by child: the list of a kitchen, of a class, of whoever opens the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from models.activities.catalogue import Catalogue
from models.rules.booking import BookingState
from models.storage.database import as_json, rows
from models.storage.paging import Where


@dataclass(frozen=True, slots=True)
class ExpectedChild:
    """A confirmed booking of the day. `school` and `level` are "" for a child whose class nobody wrote down."""

    booking: int
    slot: int
    group_id: int  # of the opening that is booked
    child: int
    last_name: str
    first_name: str
    school: str
    level: str
    group: str
    absent: bool  # the parents said so


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """The children of one class in a slot, by name."""

    school: str
    level: str
    children: Sequence[ExpectedChild]

    @property
    def expected(self) -> int:
        return sum(not child.absent for child in self.children)

    @property
    def absent(self) -> int:
        return len(self.children) - self.expected


async def of(day: date, *, slot: int | None = None, school: int | None = None) -> list[ExpectedChild]:
    """By slot, school, level as the school lists its own, and name; 0 is no known school. One question."""
    where = Where()
    if slot is not None:
        where = where.and_also("booking.slot_id = ?", slot)
    if school is not None:
        where = where.and_also("COALESCE(schooling.school_id, 0) = ?", school)
    return _children(await rows(f"{_LIST} AND {where.sql}", [day, *where.values]))


async def with_health(day: date) -> list[ExpectedChild]:
    """Those of whose health something was ever told, in the same order. One question."""
    return _children(await rows(f"{_LIST} AND EXISTS ({_TOLD})", [day]))


def _children(found: Sequence[dict[str, Any]]) -> list[ExpectedChild]:
    ordered = sorted(found, key=lambda row: (row["starts"], row["slot_id"], *class_order(row), *_name(row)))
    return [
        ExpectedChild(
            booking=row["booking"],
            slot=row["slot_id"],
            group_id=row["group_id"],
            child=row["child_id"],
            last_name=row["last_name"],
            first_name=row["first_name"],
            school=row["school"] or "",
            level=row["level"] or "",
            group=row["group_name"] or "",
            absent=bool(row["absent"]),
        )
        for row in ordered
    ]


def classes(children: Sequence[ExpectedChild]) -> list[SchoolClass]:
    """Of one slot, in their order."""
    groups = groupby(children, key=lambda child: (child.school, child.level))
    return [SchoolClass(school, level, list(those)) for (school, level), those in groups]


def closes(catalogue: Catalogue, slot: int, day: date) -> datetime:
    """Until when parents may change the list: the later of booking and cancelling. An absence can be told after it."""
    return max(catalogue.closes(slot, action, day, "") for action in ("book", "cancel"))


def class_order(row: Mapping[str, Any]) -> tuple[bool, int, str, int, str]:
    """Of `school`, its `position` and `levels`, and a `level`. A child without a class comes last."""
    levels, level = as_json(row["levels"]) or [], str(row["level"] or "")
    place = levels.index(level) if level in levels else len(levels)
    return (row["school"] is None, int(str(row["position"] or 0)), str(row["school"] or ""), place, level)


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["last_name"]).casefold(), str(row["first_name"]).casefold()


_LIST = f"""
SELECT booking.id AS booking, booking.slot_id, opening.group_id,
  booking.child_id, slot.starts, child.last_name, child.first_name, school.name AS school,
  school.position, school.levels, schooling.level, activity_group.name AS group_name, absence.id IS NOT NULL AS absent
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN opening ON opening.id = booking.opening_id JOIN activity_group ON activity_group.id = opening.group_id
JOIN child ON child.id = booking.child_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id LEFT JOIN absence ON absence.booking_id = booking.id
WHERE booking.day = ? AND booking.state = '{BookingState.CONFIRMED}'
"""  # noqa: S608
_TOLD = "SELECT 1 FROM child_health WHERE child_health.child_id = booking.child_id"
