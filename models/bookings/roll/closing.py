"""A service is closed: who was not there as the parents had said is noted, and prepaid days are settled."""

from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from models.activities.catalogue import Catalogue
from models.activities.opening import Opening
from models.bookings.roll import noting, settling
from models.bookings.roll.attendance import Attendance
from models.bookings.roll.roll_closing import RollClosing
from models.families.family import Family
from models.rules.booking import BookingState
from models.rules.roll.words import Called
from models.rules.states.attendance import AttendanceState
from models.storage.database import retrying, rows, transaction
from models.work.audit_log import Event


class NotYet(Exception):
    """The day of the service has not come."""


async def close(catalogue: Catalogue, opening: Opening, member: int, now: datetime) -> bool:
    """False when it is closed already: done twice, it is done once. Raises NotYet."""
    if opening.day > now.date():
        raise NotYet(opening.id)
    try:
        return await retrying(lambda: _close(catalogue, opening, member, now))
    except IntegrityError:  # by somebody else, at this very moment
        return False


async def _close(catalogue: Catalogue, opening: Opening, member: int, now: datetime) -> bool:
    cells = {(row["child"], opening.slot_id, opening.day) for row in await rows(_HERE, [opening.id])}
    reach = settling.reach_of(catalogue, cells) if cells else None
    async with transaction():
        if reach:
            await Family.lock(*await settling.families_of(reach))
        if await RollClosing.exists(opening_id=opening.id):
            return False
        await RollClosing.create(opening_id=opening.id, member_id=member, at=now)
        here = await rows(_HERE, [opening.id])
        for row in here:
            if row["attendance"] is None and row["told"]:
                await _stay_away(row, member, now)
        await Event.note(now, f"member:{member}", "roll.closed", f"opening:{opening.id}", booked=len(here))
        if reach:
            await settling.settle(catalogue, reach, member, now)
    return True


async def _stay_away(row: dict[str, Any], member: int, now: datetime) -> None:
    """Nobody called the child, whose parents had said that it would not come."""
    state = AttendanceState.ABSENT
    made = await Attendance.create(
        booking_id=row["booking"], state=state, reason=row["told"], noted_by_id=member, noted_at=now
    )
    await noting.say(made.id, row["family"], Called(state, row["told"]), member, now)


_HERE = f"""
SELECT booking.id AS booking, booking.child_id AS child, booking.family_id AS family, attendance.id AS attendance,
  absence.reason AS told
FROM booking LEFT JOIN attendance ON attendance.booking_id = booking.id
LEFT JOIN absence ON absence.booking_id = booking.id
WHERE booking.opening_id = ? AND booking.state = '{BookingState.CONFIRMED}' ORDER BY booking.id
"""  # noqa: S608
