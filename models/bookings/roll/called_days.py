"""Booked days with what the roll call says of them, as the rules of absences read them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from models.activities.catalogue import Catalogue
from models.rules.booking import BookingState
from models.rules.pricing.attended import CalledDay, Mark, due_of_absences
from models.rules.states.attendance import AttendanceState
from models.storage.database import as_date, marks, rows

AROUND = timedelta(days=60)  # an absence that goes on is read so far back and ahead

# The columns that `mark_of` reads, beside a booking and its attendance.
MARKED = """attendance.state, attendance.reason, attendance.arrived, attendance.departed,
  attendance.proved_on, COALESCE(attendance.unbooked, FALSE) AS unbooked"""


def mark_of(row: Mapping[str, Any]) -> Mark | None:
    """What the roll call says in a row of a hand-written SELECT; None where nobody called the child."""
    if row["state"] is None or row["state"] == AttendanceState.UNDONE:
        return None
    proved = row["proved_on"] and as_date(row["proved_on"])
    return Mark(AttendanceState(row["state"]), row["reason"], row["arrived"], row["departed"], proved)


async def due_of_absent(
    catalogue: Catalogue, absent: Mapping[int, int], children: Sequence[int], first: date, last: date
) -> dict[int, int]:
    """By booking, what stays due of these absences, whose prices are said in cents: absences that began before the
    first day, or go on after the last, are read as one. One question, and none without absences."""
    ruled = {one.id: one.absences for one in catalogue.activities.values() if one.absences}
    if not absent or not ruled:
        return dict(absent)
    values = [*children, *ruled, first - AROUND, last + AROUND]
    question = _AROUND.format(children=marks(children), activities=marks(list(ruled)))
    days: defaultdict[tuple[int, int], list[CalledDay]] = defaultdict(list)
    for row in await rows(question, values):
        slot = catalogue.slots[row["slot"]]
        cents = absent.get(row["booking"], row["cents"])
        day = CalledDay(row["booking"], as_date(row["day"]), slot.starts, cents, mark_of(row))
        days[row["child"], slot.activity].append(day)
    due = dict(absent)
    for (_, activity), some in days.items():
        found = due_of_absences(ruled[activity], some)
        due |= {id: cents for id, cents in found.items() if id in absent}
    return due


_AROUND = f"""
SELECT booking.id AS booking, booking.child_id AS child, booking.slot_id AS slot, booking.day, booking.cents, {MARKED}
FROM booking JOIN slot ON slot.id = booking.slot_id LEFT JOIN attendance ON attendance.booking_id = booking.id
WHERE booking.child_id IN ({{children}}) AND slot.activity_id IN ({{activities}}) AND booking.day BETWEEN ? AND ?
  AND booking.state = '{BookingState.CONFIRMED}'
"""  # noqa: S608
