"""A roll too long for one page is called in parts: a school of the service or, where many come from it, a class."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.rules.booking import BookingState
from models.rules.states.attendance import CALLED
from models.storage.database import as_json, rows

LONG = 60  # children: a longer roll is called in parts


@dataclass(frozen=True, slots=True)
class Part:
    """The whole roll, one of its schools or one of its classes. School 0, level "": of children without a class."""

    school: int | None = None
    level: str | None = None

    def has(self, school: int, level: str) -> bool:
        return self.school in (None, school) and (self.school is None or self.level in (None, level))


@dataclass(frozen=True, slots=True)
class RollClass:
    """How many children of a class are booked in a service, and how many of them are called by now."""

    school: int
    school_name: str
    level: str
    booked: int
    called: int


async def classes(opening: int) -> list[RollClass]:
    """As the mairie orders the schools and they their levels; no class comes last. One question."""
    found = sorted(await rows(_CLASSES, [opening]), key=_place)
    return [
        RollClass(
            int(row["school"] or 0),
            row["school_name"] or "",
            row["level"] or "",
            int(row["booked"]),
            int(row["called"]),
        )
        for row in found
    ]


def within(found: Sequence[RollClass], part: Part) -> list[RollClass]:
    return [one for one in found if part.has(one.school, one.level)]


def booked(found: Sequence[RollClass], part: Part) -> int:
    return sum(one.booked for one in within(found, part))


def shown(found: Sequence[RollClass], asked: Part | None, near: Part) -> Part:
    """What is asked for, where a page may show it; else the widest part that it may, around it or around `near`."""
    if asked and booked(found, asked) > 0 and (asked.level is not None or booked(found, asked) <= LONG):
        return asked
    near = asked if asked and asked.school is not None else near
    for part in (Part(), Part(near.school), near):
        if booked(found, part) <= LONG and (within(found, part) or not found):
            return part
    there = within(found, near) or within(found, Part(near.school)) or list(found)
    school = Part(there[0].school)
    return school if booked(found, school) <= LONG else Part(school.school, there[0].level)


def _place(row: dict[str, object]) -> tuple[bool, int, str, int, str]:
    levels, level = as_json(row["levels"]) or [], str(row["level"] or "")
    place = levels.index(level) if level in levels else len(levels)
    return row["school"] is None, int(str(row["position"] or 0)), str(row["school_name"] or ""), place, level


_CLASSES = f"""
SELECT here.school, here.level, here.booked, here.called, school.name AS school_name, school.position, school.levels
FROM (
  SELECT schooling.school_id AS school, schooling.level, COUNT(*) AS booked,
    SUM(CASE WHEN attendance.state IN ('{CALLED[0]}', '{CALLED[1]}') THEN 1 ELSE 0 END) AS called
  FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  LEFT JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
  LEFT JOIN attendance ON attendance.booking_id = booking.id
  WHERE booking.opening_id = ? AND booking.state = '{BookingState.CONFIRMED}'
  GROUP BY schooling.school_id, schooling.level
) AS here LEFT JOIN school ON school.id = here.school
"""  # noqa: S608
