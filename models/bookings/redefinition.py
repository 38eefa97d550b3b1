"""What another definition of an activity would take from days that are booked: asked before it is written."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from models.activities.activity import Activity
from models.activities.definition import openings
from models.activities.definition.description import Activity as Description
from models.bookings.booking import Booking
from models.commune.school_year import SchoolYear
from models.families.child import Schooling
from models.rules.booking import LIVE, BookingState
from models.rules.calendar import SchoolCalendar


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """Of a booked day: its slot, its group, or the day itself would be no more."""

    what: openings.Part
    slot: str  # codes
    group: str
    day: date


@dataclass(frozen=True, slots=True)
class LostBooking:
    """A live booking that would be left without its day, its slot or its group."""

    id: int
    family: int
    state: str
    cents: int
    paid: bool  # an order says so
    what: openings.Part
    slot: str  # codes
    group: str
    day: date
    by_default: bool = False

    @property
    def can_be_given_back(self) -> bool:
        """By the mairie alone: a booked day, or a rank that nobody asked for."""
        by_itself = self.by_default and self.state == BookingState.WAITING
        return by_itself or self.state == BookingState.CONFIRMED


async def bills_otherwise(said: Description, row: Activity) -> bool:
    """A day that is booked would be paid twice, or its credit given for nothing."""
    return said.billing != row.billing and await Booking.exists(slot__activity_id=row.id, state__in=LIVE)


async def lost(said: Description, activity: int, calendar: SchoolCalendar, year: SchoolYear) -> Counter[Lost]:
    """How many live bookings the definition leaves without their day, slot or group. `activity` is the row's id."""
    return Counter(
        Lost(one.what, one.slot, one.group, one.day)
        for one in await lost_bookings(said, activity, calendar, year)
    )


async def lost_bookings(
    said: Description, activity: int, calendar: SchoolCalendar, year: SchoolYear
) -> list[LostBooking]:
    """Each of them, in the order of ids."""
    schools = dict(await Schooling.filter(year_id=year.id).values_list("child_id", "school__code"))
    live = Booking.filter(state__in=LIVE, slot__activity_id=activity).order_by("id")
    found = []
    for id, family, child, state, cents, order, slot, group, day, by_default in await live.values_list(
        "id",
        "family_id",
        "child_id",
        "state",
        "cents",
        "order_id",
        "slot__code",
        "opening__group__code",
        "day",
        "by_default",
    ):
        if what := openings.lost(said, calendar, slot, group, day, schools.get(child)):
            found.append(
                LostBooking(id, family, state, cents, order is not None, what, slot, group, day, by_default)
            )
    return found
