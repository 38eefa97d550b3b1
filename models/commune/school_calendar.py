"""Holidays of a school year: those of the zone, public ones, and the closures of the commune.

The dates come from two packages and a small table that corrects them, with its reasons.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from models.commune.school import School
from models.commune.school_year import Closure, SchoolYear
from models.rules import calendar as rules
from models.rules.calendar import SchoolCalendar, Span

ONE_DAY = timedelta(days=1)
SUMMER = "Vacances d’été"
BRIDGE = "Pont de l’Ascension"

# Classes stop on the Friday after Ascension Day; the package lacks these years.
BRIDGES = (
    date(2016, 5, 6),
    date(2017, 5, 26),
    date(2018, 5, 11),
    date(2023, 5, 19),
    date(2024, 5, 10),
    date(2025, 5, 30),
    date(2026, 5, 15),
)

SCHOOL_DAYS = {
    date(2016, 7, 5): "les vacances commencent après la classe",
    date(2016, 10, 19): "les vacances commencent après la classe",
    date(2021, 5, 17): "les cours reprennent ce matin-là",
    date(2021, 7, 6): "les vacances commencent après la classe",
    date(2022, 7, 7): "les vacances commencent après la classe",
    date(2028, 7, 4): "les vacances commencent après la classe",
}

# Public holidays of a department that the others do not have, by the first figures of its INSEE code.
SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "976": "976",
}


def school_calendar(
    zone: str,
    year: SchoolYear,
    closures: Iterable[Closure],
    subdivision: str | None = None,
    schools: Iterable[School] = (),
    away: Iterable[rules.Closure] = (),
) -> SchoolCalendar:
    """The calendar of a school year. The commune's own first and last days win over the national summer.

    `away`: what class events close.
    """
    near = timedelta(days=100)
    found = holidays(zone, year.starts.year - 1, year.ends.year + 1)
    spans = [
        part
        for span in found
        if span.end >= year.starts - near and span.start <= year.ends + near
        for part in _around(span, year.starts, year.ends)
    ]
    return SchoolCalendar(
        starts=year.starts,
        ends=year.ends,
        holidays=tuple(spans),
        public_holidays=public_holidays(year.starts.year - 1, year.ends.year + 1, subdivision),
        closures=(*(_closure(row) for row in closures), *away),
        weekdays=frozenset(year.weekdays),
        school_weekdays={row.code: frozenset(row.weekdays) for row in schools if row.weekdays is not None},
    )


def subdivision_of(insee: str) -> str | None:
    """What `school_calendar` needs for the communes that have public holidays of their own."""
    return SUBDIVISIONS.get(insee[:3]) or SUBDIVISIONS.get(insee[:2])


def is_known(zone: str, starts: date, ends: date) -> bool:
    """Are this year's school holidays known? Otherwise the mairie writes them as closures."""
    return any(
        span.name != SUMMER and starts <= span.start <= ends
        for span in holidays(zone, starts.year, ends.year)
    )


@cache
def holidays(zone: str, first: int, last: int) -> tuple[Span, ...]:
    """School holidays of a zone from one calendar year to another, corrected."""
    days = {day: BRIDGE for day in BRIDGES if first <= day.year <= last}
    for year in range(first, last + 1):
        days |= _package_days(zone, year)
    return tuple(_spans({day: name for day, name in days.items() if day not in SCHOOL_DAYS}))


@cache
def public_holidays(first: int, last: int, subdivision: str | None = None) -> dict[date, str]:
    import holidays as package  # heavy, and only needed here

    found = package.country_holidays("FR", subdiv=subdivision, years=range(first, last + 1), language="fr")
    return {day: found[day].replace("'", "’") for day in sorted(found)}


def _package_days(zone: str, year: int) -> dict[date, str]:
    """No days for a year that the package does not have: they come from the mairie."""
    package = _package()
    if not package.min_year <= year <= package.max_year:
        return {}
    rows = package.holidays_for_year_and_zone(year, zone)
    return {day: row["nom_vacances"].replace("'", "’") for day, row in rows.items()}


@cache
def _package() -> Any:
    from vacances_scolaires_france import SchoolHolidayDates  # reads all its years at once

    return SchoolHolidayDates()


def _spans(days: dict[date, str]) -> list[Span]:
    """Days that follow each other under one name, as one span."""
    spans: list[Span] = []
    for day in sorted(days):
        if spans and spans[-1].name == days[day] and spans[-1].end + ONE_DAY == day:
            spans[-1] = Span(spans[-1].start, day, days[day])
        else:
            spans.append(Span(day, day, days[day]))
    return spans


def _around(span: Span, starts: date, ends: date) -> list[Span]:
    """The summer ends when the commune's year starts and starts when it ends; other holidays stay."""
    if span.name != SUMMER:
        return [span]
    parts = [Span(span.start, min(span.end, starts - ONE_DAY), span.name)] if span.start < starts else []
    if span.end > ends:
        parts.append(Span(max(span.start, ends + ONE_DAY), span.end, span.name))
    return parts


def _closure(row: Closure) -> rules.Closure:
    return rules.Closure(
        start=row.start,
        end=row.end,
        reason=row.reason,
        schools=None if row.schools is None else frozenset(row.schools),
        activities=None if row.activities is None else frozenset(row.activities),
    )
