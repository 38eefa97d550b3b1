"""A table of figures, as the screen, a CSV and a workbook show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.french.spreadsheets import Cell


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are in it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Figures:
    """`heads`: a title for each column; `texts`: how many of the first ones are words, the rest are figures."""

    name: str  # of the file, plain ASCII
    title: str
    heads: Sequence[str]
    texts: int
    lines: Sequence[Sequence[Cell]]


FOUR_MONTHS = (
    (1, 4, 30),
    (5, 8, 31),
    (9, 12, 31),
)  # first month, last month, its last day: as the ASP counts


def four_months(today: date, number: int = 4) -> list[Period]:
    """The one of today and those before it, the last first."""
    found: list[Period] = []
    year, place = today.year, (today.month - 1) // 4
    while len(found) < number:
        first, last, day = FOUR_MONTHS[place]
        found.append(Period(date(year, first, 1), date(year, last, day)))
        year, place = (year, place - 1) if place else (year - 1, 2)
    return found
