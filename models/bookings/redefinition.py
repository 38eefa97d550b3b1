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
from models.rules.booking import LIVE
from models.rules.calendar import SchoolCalendar


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """Of a booked day: its slot, its group, or the day itself would be no more."""

    what: openings.Part
    slot: str  # codes
    group: str
    day: date


async def bills_otherwise(said: Description, row: Activity) -> bool:
    """A day that is booked would be paid twice, or its credit given for nothing."""
    return said.billing != row.billing and await Booking.exists(slot__activity_id=row.id, state__in=LIVE)


async def lost(said: Description, activity: int, calendar: SchoolCalendar, year: SchoolYear) -> Counter[Lost]:
    """How many live bookings the definition leaves without their day, slot or group. `activity` is the row's id."""
    schools = dict(await Schooling.filter(year_id=year.id).values_list("child_id", "school__code"))
    live = Booking.filter(state__in=LIVE, slot__activity_id=activity)
    found: Counter[Lost] = Counter()
    for child, slot, group, day in await live.values_list(
        "child_id", "slot__code", "opening__group__code", "day"
    ):
        if what := openings.lost(said, calendar, slot, group, day, schools.get(child)):
            found[Lost(what, slot, group, day)] += 1
    return found
