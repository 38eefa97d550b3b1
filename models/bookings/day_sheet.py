"""What is booked on a day, slot by slot: what a kitchen and the leaders begin the day with."""

from dataclasses import dataclass
from datetime import date

from models.rules.booking import BookingState
from models.storage.database import rows


@dataclass(frozen=True, slots=True)
class SlotOfDay:
    activity: str
    slot: str
    starts: int  # minutes after midnight
    booked: int  # children, told absences included
    absent: int


async def of(day: date) -> list[SlotOfDay]:
    """In the order of the day."""
    return [SlotOfDay(**row) for row in await rows(_OF_DAY, [day])]


_OF_DAY = f"""
SELECT activity.name AS activity, slot.name AS slot, slot.starts, count(booking.id) AS booked,
  count(absence.id) AS absent
FROM opening JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN booking ON booking.opening_id = opening.id AND booking.state = '{BookingState.CONFIRMED}'
LEFT JOIN absence ON absence.booking_id = booking.id
WHERE opening.day = ? GROUP BY activity.name, slot.name, slot.starts, slot.id ORDER BY slot.starts, slot.id
"""  # noqa: S608
