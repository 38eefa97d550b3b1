"""What stands in a household's diary: the days that are booked and confirmed, with their hours."""

from dataclasses import dataclass
from datetime import date, datetime

from models.activities.catalogue import Catalogue
from models.bookings.booking import Booking
from models.rules.booking import BookingState
from models.rules.deadlines import paris


@dataclass(frozen=True, slots=True)
class Standing:
    """Nothing of it moves from one reading to the next while nothing has changed."""

    booking: int
    first_name: str
    slot: str
    activity: str
    place: str | None
    begins: datetime
    ends: datetime
    changed_at: datetime


async def standing(catalogue: Catalogue, family: int, since: date) -> list[Standing]:
    """Of this household alone: what the child's other home books is that home's. In the order of the days."""
    found = Booking.filter(family_id=family, state=BookingState.CONFIRMED, day__gte=since)
    return [_standing(catalogue, row) for row in await found.select_related("child").order_by("day", "id")]


def _standing(catalogue: Catalogue, row: Booking) -> Standing:
    slot, activity = catalogue.slots[row.slot_id], catalogue.activity_of(row.slot_id)
    return Standing(
        booking=row.id,
        first_name=row.child.first_name,
        slot=slot.name,
        activity=activity.name,
        place=activity.place,
        begins=paris(row.day, slot.starts),
        ends=paris(row.day, slot.ends),
        changed_at=row.changed_at,
    )
