"""Which days is an activity open? And the periods that the screens show."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

View = Literal["mois", "quinzaine", "semaine"]
On = Literal["school_days", "holidays", "both"]

SATURDAY = 5
SCHOOL_WEEK = frozenset({0, 1, 3, 4})  # without Wednesday
ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a day is for an activity. Only the first can be booked."""

    open = "open"
    never = "never"  # not a day of this activity at all
    holiday = "holiday"
    public = "public"
    closed = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """School holidays, both ends included."""

    start: date
    end: date
    name: str


@dataclass(frozen=True, slots=True)
class Closure:
    """A strike, a bridge day, works, a class on a trip: for some schools, classes or activities, or for all (None)."""

    start: date
    end: date
    reason: str
    schools: frozenset[str] | None = None
    activities: frozenset[str] | None = None
    levels: frozenset[str] | None = None  # of these schools: the classes that are away


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    starts: date
    ends: date
    holidays: tuple[Span, ...]
    public_holidays: Mapping[date, str]
    closures: tuple[Closure, ...]
    weekdays: frozenset[int] = SCHOOL_WEEK  # on which there is school
    school_weekdays: Mapping[str, frozenset[int]] = field(
        default_factory=dict
    )  # of schools that have their own


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days an activity is meant for."""

    code: str
    weekdays: frozenset[int]
    opens: date
    closes: date
    on: On = "school_days"


@dataclass(frozen=True, slots=True)
class Day:
    kind: Kind
    reason: str = ""


def open_days(
    calendar: SchoolCalendar, timetable: Timetable, school: str | None, start: date, end: date
) -> Iterator[date]:
    for day in days(max(start, timetable.opens), min(end, timetable.closes)):
        if day_of(calendar, timetable, school, day).kind is Kind.open:
            yield day


def day_of(
    calendar: SchoolCalendar, timetable: Timetable, school: str | None, day: date, level: str = ""
) -> Day:
    """What the day is and the name of what closes it: a public holiday, else a closure, else holidays.

    `level`: the child's class, which may be away while its school is open.
    """
    holiday = _holiday(calendar, day)
    if not _is_meant(calendar, timetable, holiday, day):
        return Day(Kind.never)
    if day in calendar.public_holidays:
        return Day(Kind.public, calendar.public_holidays[day])
    for closure in calendar.closures:
        if (
            _closes(closure, school, day)
            and _holds(closure.activities, timetable.code)
            and _holds(closure.levels, level)
        ):
            return Day(Kind.closed, closure.reason)
    if holiday and timetable.on == "school_days":
        return Day(Kind.holiday, holiday.name)
    return Day(Kind.open)


def is_working(calendar: SchoolCalendar, day: date) -> bool:
    """A day on which the mairie works."""
    return day.weekday() < SATURDAY and day not in calendar.public_holidays


def is_school_day(calendar: SchoolCalendar, day: date, school: str | None) -> bool:
    """Is this school open (None: the commune's schools)? A closure of one activity or class leaves it open."""
    return (
        day.weekday() in calendar.school_weekdays.get(school or "", calendar.weekdays)
        and day not in calendar.public_holidays
        and _in_year(calendar, day)
        and not _holiday(calendar, day)
        and not any(
            c.activities is None and c.levels is None and _closes(c, school, day) for c in calendar.closures
        )
    )


def period(view: View, day: date) -> tuple[date, date]:
    """First and last day of what the screen shows around a day."""
    return {"mois": month, "quinzaine": fortnight, "semaine": week}[view](day)


def step(view: View, day: date, n: int) -> date:
    """The first day of the period that lies n periods further."""
    first = period(view, day)[0]
    if view == "mois":
        months = first.year * 12 + first.month - 1 + n
        return date(months // 12, months % 12 + 1, 1)
    return first + timedelta(weeks=n * (2 if view == "quinzaine" else 1))


def month(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def fortnight(day: date) -> tuple[date, date]:
    """From the Monday of this week to the Sunday of the next."""
    monday = week(day)[0]
    return monday, monday + timedelta(days=13)


def week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def _is_meant(calendar: SchoolCalendar, timetable: Timetable, holiday: Span | None, day: date) -> bool:
    if day.weekday() not in timetable.weekdays or not timetable.opens <= day <= timetable.closes:
        return False
    if timetable.on == "holidays":
        return holiday is not None or not _in_year(calendar, day)
    return timetable.on == "both" or holiday is not None or _in_year(calendar, day)


def _holiday(calendar: SchoolCalendar, day: date) -> Span | None:
    return next((span for span in calendar.holidays if span.start <= day <= span.end), None)


def _in_year(calendar: SchoolCalendar, day: date) -> bool:
    return calendar.starts <= day <= calendar.ends


def _closes(closure: Closure, school: str | None, day: date) -> bool:
    return closure.start <= day <= closure.end and _holds(closure.schools, school)


def _holds(codes: frozenset[str] | None, code: str | None) -> bool:
    return codes is None or code in codes
