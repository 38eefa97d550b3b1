"""A child spends a day in another group of the activity: its booking takes a place there and leaves its own.

The price stays, and so does the group that the child is enrolled in: other days are as they were.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.activities.group import Group
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.roll.roll_closing import RollClosing
from models.bookings.waiting_list import Waiting, free_places
from models.families.family import Family
from models.rules.booking import BookingState, WaitingState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event


class CannotMove(Exception):
    """`why`: gone (it is not booked any more), nowhere (the group does not open), full, closed (the roll is called)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class GroupOfDay:
    """A group of a slot on a day, and how many places are taken there."""

    id: int
    name: str
    places: int | None
    taken: int


async def groups_of(slot: int, day: date) -> list[GroupOfDay]:
    """Those that open, in the activity's order."""
    found = await Opening.filter(slot_id=slot, day=day).select_related("group").order_by("group__position")
    return [GroupOfDay(one.group_id, one.group.name, one.places, one.taken) for one in found]


async def move(booking: int, group: int, member: int, now: datetime) -> bool:
    """False when the child is in that group already: done twice, it is done once. Raises CannotMove."""
    return await retrying(lambda: _move(booking, group, member, now))


async def _move(booking: int, group: int, member: int, now: datetime) -> bool:
    seen = await Booking.get(id=booking)
    async with transaction():
        await Family.lock(seen.family_id)
        row = await Booking.get(id=booking)
        if row.state != BookingState.CONFIRMED:
            raise CannotMove("gone")
        left = await Opening.get(id=row.opening_id)
        if left.group_id == group:
            return False
        target = await Opening.get_or_none(slot_id=row.slot_id, day=row.day, group_id=group)
        if target is None:
            raise CannotMove("nowhere")
        if await RollClosing.exists(opening_id__in=[left.id, target.id]):
            raise CannotMove("closed")
        await _walk(left, target)
        await Booking.filter(id=row.id).update(opening_id=target.id)
        names = {one.id: one.name for one in await Group.filter(id__in=[left.group_id, group])}
        await Event.note(
            now, f"member:{member}", "group.assigned", f"booking:{row.id}", row.family_id,
            before={"group": names[left.group_id]}, after={"group": names[group]},
        )  # fmt: skip
    return True


async def _walk(left: Opening, target: Opening) -> None:
    """In the order of openings' ids, as every walk. Who waits for a place of the other group comes first."""
    if await Waiting.filter(opening_id=target.id, state=WaitingState.WAITING).exists():
        raise CannotMove("full")
    if left.id < target.id:
        await free_places([left.id])
    if not await Opening.take(target.id):
        raise CannotMove("full")
    if left.id > target.id:
        await free_places([left.id])
