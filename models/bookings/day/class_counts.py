"""How many children of each class are expected in the slots of a day: counted by the database, without a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models.bookings.day.day_list import class_order
from models.rules.booking import BookingState
from models.storage.database import rows


@dataclass(frozen=True, slots=True)
class ClassCount:
    """`school` and `level` are "" for children whose class nobody wrote down, their `school_id` is 0."""

    slot: int
    school_id: int
    school: str
    level: str
    booked: int  # children, told absences included
    absent: int

    @property
    def expected(self) -> int:
        return self.booked - self.absent


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """The children of a school in a slot, by the classes of its levels."""

    id: int
    name: str
    classes: Sequence[ClassCount]

    @property
    def expected(self) -> int:
        return sum(one.expected for one in self.classes)

    @property
    def absent(self) -> int:
        return sum(one.absent for one in self.classes)


async def of(day: date) -> dict[int, list[SchoolCount]]:
    """By slot: its schools and their classes in the order of the lists of names. One question."""
    found = sorted(await rows(_COUNTS, [day]), key=lambda row: (row["slot_id"], *class_order(row)))
    counts = [
        ClassCount(
            slot=row["slot_id"],
            school_id=row["school_id"] or 0,
            school=row["school"] or "",
            level=row["level"] or "",
            booked=int(row["booked"]),
            absent=int(row["absent"]),
        )
        for row in found
    ]
    return {slot: _schools(list(those)) for slot, those in groupby(counts, key=lambda one: one.slot)}


def _schools(counts: Sequence[ClassCount]) -> list[SchoolCount]:
    by_school = groupby(counts, key=lambda one: (one.school_id, one.school))
    return [SchoolCount(id, name, list(those)) for (id, name), those in by_school]


_COUNTS = f"""
SELECT here.slot_id, here.school_id, here.level, here.booked, here.absent,
  school.name AS school, school.position, school.levels
FROM (
  SELECT booking.slot_id, schooling.school_id, schooling.level, COUNT(*) AS booked, COUNT(absence.id) AS absent
  FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
  LEFT JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
  LEFT JOIN absence ON absence.booking_id = booking.id
  WHERE booking.day = ? AND booking.state = '{BookingState.CONFIRMED}'
  GROUP BY booking.slot_id, schooling.school_id, schooling.level
) AS here LEFT JOIN school ON school.id = here.school_id
"""  # noqa: S608
