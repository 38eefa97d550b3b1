"""How many children are expected, by day and slot: what a kitchen, the leaders and the mairie begin the day with."""

from dataclasses import dataclass
from datetime import date

from models.rules.booking import BookingState
from models.storage.database import as_date, rows


@dataclass(frozen=True, slots=True)
class SlotOfDay:
    day: date
    slot: int
    activity: str
    name: str  # of the slot
    starts: int  # minutes after midnight
    booked: int  # children, told absences included
    absent: int
    places: int | None  # of all the groups; none: one of them has no limit

    @property
    def expected(self) -> int:
        return self.booked - self.absent


async def between(first: date, last: date) -> list[SlotOfDay]:
    """Each slot of each open day, in the order of the day, whether or not somebody is expected."""
    found = await rows(_SHEET, [first, last, first, last])
    return [
        SlotOfDay(
            **{name: row[name] for name in ("slot", "activity", "name", "starts")},
            day=as_date(row["day"]),
            booked=int(row["booked"]),
            absent=int(row["absent"]),
            places=None if row["places"] is None else int(row["places"]),
        )
        for row in found
    ]


_SHEET = f"""
SELECT opening.day, slot.id AS slot, activity.name AS activity, slot.name AS name, slot.starts,
  SUM(COALESCE(here.booked, 0)) AS booked, SUM(COALESCE(here.absent, 0)) AS absent,
  CASE WHEN COUNT(opening.places) = COUNT(*) THEN SUM(opening.places) END AS places
FROM opening JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
LEFT JOIN (
  SELECT booking.opening_id, COUNT(*) AS booked, COUNT(absence.id) AS absent
  FROM booking LEFT JOIN absence ON absence.booking_id = booking.id
  WHERE booking.state = '{BookingState.CONFIRMED}' AND booking.day BETWEEN ? AND ? GROUP BY booking.opening_id
) AS here ON here.opening_id = opening.id
WHERE opening.day BETWEEN ? AND ?
GROUP BY opening.day, slot.id, activity.name, slot.name, slot.starts ORDER BY opening.day, slot.starts, slot.id
"""  # noqa: S608
