"""A type week: which days of a period are meant by weekdays ticked once. Alternating custody has two such weeks."""

from collections.abc import Iterator
from datetime import date

from models.rules.calendar import days, week

WeekDay = tuple[int, int]  # week (0 is A, 1 is B), weekday (Monday is 0)


def chosen(ticks: frozenset[WeekDay], first: date, last: date, week_a: date | None = None) -> Iterator[date]:
    """The days of the period, both ends included, that are ticked. `week_a` is any day of a week A: without it
    all the weeks are alike, and only those of week A count."""
    for day in days(first, last):
        if (parity(day, week_a) if week_a else 0, day.weekday()) in ticks:
            yield day


def parity(day: date, week_a: date) -> int:
    """0 in a week A, 1 in a week B."""
    return (week(day)[0] - week(week_a)[0]).days // 7 % 2
