"""How many children are expected of each school, by day and slot: what a day's figure is made of."""

from dataclasses import dataclass
from datetime import date

from models.rules.booking import BookingState
from models.storage.database import as_date, rows


@dataclass(frozen=True, slots=True)
class OfSchool:
    """`school` is "" for children whose class nobody wrote down."""

    day: date
    slot: int
    school: str
    expected: int  # told absences taken off


async def between(first: date, last: date) -> list[OfSchool]:
    """In the order of the schools, children of none last. One question."""
    return [
        OfSchool(as_date(row["day"]), row["slot"], row["school"] or "", int(row["expected"]))
        for row in await rows(_SCHOOLS, [first, last])
    ]


_SCHOOLS = f"""
SELECT booking.day, booking.slot_id AS slot, school.name AS school, COUNT(*) - COUNT(absence.id) AS expected
FROM booking JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN schooling ON schooling.child_id = booking.child_id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id LEFT JOIN absence ON absence.booking_id = booking.id
WHERE booking.day BETWEEN ? AND ? AND booking.state = '{BookingState.CONFIRMED}'
GROUP BY booking.day, booking.slot_id, school.id, school.name, school.position
ORDER BY CASE WHEN school.id IS NULL THEN 1 ELSE 0 END, school.position, school.id, booking.day
"""  # noqa: S608
