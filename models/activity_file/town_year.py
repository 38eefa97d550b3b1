"""The year of the commune day by day: school, holidays, what is closed to all or to some, how much is booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.commune.commune import Commune
from models.commune.school import School
from models.commune.school_calendar import school_calendar, subdivision_of
from models.commune.school_year import Closure, SchoolYear
from models.rules.booking import LIVE
from models.rules.calendar import Kind, SchoolCalendar, Timetable, day_of
from models.storage.database import as_date, rows, sql_list

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class TownDay:
    """`kind`: open | off (no school on that weekday) | part (closed to some) | closed | public | holiday | never."""

    day: date
    kind: str
    reason: str
    booked: int  # live bookings of all activities


@dataclass(frozen=True, slots=True)
class TownYear:
    year: SchoolYear
    calendar: SchoolCalendar
    booked: Mapping[date, int]

    @property
    def last(self) -> date:
        """Summer is shown too: some activities are for the holidays."""
        return date(self.year.starts.year + 1, 8, 31)

    def day(self, day: date) -> TownDay:
        meant = Timetable("", EVERY_DAY, self.year.starts, self.last)
        found = day_of(self.calendar, meant, None, day)
        kind, reason = found.kind.value, found.reason
        if found.kind is Kind.open:
            partly = [one.reason for one in self.calendar.closures if one.start <= day <= one.end]
            school = day.weekday() in self.calendar.weekdays
            kind, reason = ("part", ", ".join(partly)) if partly else ("open" if school else "off", "")
        return TownDay(day, kind, reason, self.booked.get(day, 0))


async def town_year(year: SchoolYear) -> TownYear:
    """Four questions, however many days."""
    commune = await Commune.get()
    closures: Sequence[Closure] = await Closure.filter(year_id=year.id).order_by("start", "id")
    schools = await School.all()
    calendar = school_calendar(commune.zone, year, closures, subdivision_of(commune.insee), schools)
    counted = await rows(_BOOKED, [year.id])
    return TownYear(year, calendar, {as_date(row["day"]): int(row["number"]) for row in counted})


_BOOKED = f"""
SELECT booking.day, COUNT(*) AS number FROM booking JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
WHERE activity.year_id = ? AND booking.state IN {sql_list(LIVE)} GROUP BY booking.day
"""  # noqa: S608
