"""A year day by day, a small table for each month: days that lead somewhere are links. `kit/year.html` draws it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.calendar import days, month

ONE_DAY = timedelta(days=1)
SATURDAY, WEEK = 5, 7
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class YearDay:
    day: date
    kind: str  # what it looks like: `data-k` of kit/year.css
    said: str  # « férié, Armistice »
    href: str = ""  # where it leads, if anywhere
    verb: str = ""  # what happens there: « fermer »


@dataclass(frozen=True, slots=True)
class YearMonth:
    first: date
    weeks: Sequence[Sequence[YearDay | None]]
    open: int | None  # days, where they are counted


def months_of(
    first: date, last: date, drawn: Callable[[date], YearDay], *, weekends: bool = True, counts: str = ""
) -> list[YearMonth]:
    """Whole months from that of the first day to that of the last. `counts`: the kind whose days are counted."""
    found: list[YearMonth] = []
    wide, start = WEEK if weekends else SATURDAY, first.replace(day=1)
    while start <= last and len(found) < MOST_MONTHS:
        those = [drawn(day) for day in days(*month(start))]
        number = sum(one.kind == counts for one in those) if counts else None
        found.append(YearMonth(start, list(_weeks(those, wide)), number))
        start = month(start)[1] + ONE_DAY
    return found


def _weeks(those: Sequence[YearDay], wide: int) -> Iterator[list[YearDay | None]]:
    """From Monday on; a week of which nothing is shown is left out."""
    line: list[YearDay | None] = [None] * min(those[0].day.weekday(), wide)
    for one in those:
        if one.day.weekday() == 0 and line:
            yield from [line] if any(line) else []
            line = []
        if one.day.weekday() < wide:
            line.append(one)
    if any(line):
        yield line + [None] * (wide - len(line))
