"""What is booked for a family this week, as its own home page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.activities.catalogue import Catalogue
from models.bookings.booking import Booking
from models.planning.overview import Strip, days_shown, part_of_day
from models.rules.booking import BookingState
from models.rules.calendar import week


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[date, ...]
    strips: tuple[Strip, ...]  # of each child

    @property
    def is_empty(self) -> bool:
        return not any(any(parts) for strip in self.strips for parts in strip.days)


async def of_family(catalogue: Catalogue, family: int, children: Mapping[int, str], today: date) -> Week:
    """`children`: first names by id, in the family's order. One question."""
    days = days_shown(week(today)[0], today)
    mine = Booking.filter(family_id=family, day__gte=days[0], day__lte=days[-1], state=BookingState.CONFIRMED)
    booked = {
        (child, day, part_of_day(catalogue, slot))
        for child, slot, day in await mine.values_list("child_id", "slot_id", "day")
        if slot in catalogue.slots
    }
    return Week(
        days,
        tuple(
            Strip(name, tuple(tuple((child, day, part) in booked for part in range(3)) for day in days))
            for child, name in children.items()
        ),
    )
