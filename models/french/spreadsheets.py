"""Cells as the spreadsheets of a French mairie read them: dates, comma decimals, and no text that would be computed."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.deadlines import PARIS

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a cell that begins so would be computed
MARK = "\ufeff"  # without it, Excel reads é as Ã©


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a column of sums: a number, whatever its sign."""

    cents: int


@dataclass(frozen=True, slots=True)
class Hours:
    """A time in a column of hours: « 1,5 » of 90 minutes, rounded to a hundredth."""

    minutes: int

    @property
    def hundredths(self) -> int:
        return (self.minutes * 100 + 30) // 60


Cell = str | int | date | datetime | Amount | Hours | None


def plain(cell: Cell) -> str:
    """As a CSV file says it."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(PARIS):%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case int():
            return str(cell)
        case Amount():
            return f"{'-' * (cell.cents < 0)}{decimal(abs(cell.cents))}"
        case Hours():
            return decimal(cell.hundredths)
    return guarded(cell)


def table(heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    """A whole file: `;`, its mark first, CRLF."""
    return MARK + lines_of([heads]) + lines_of(lines)


def lines_of(lines: Iterable[Sequence[Cell]]) -> str:
    """Some lines of a file, without its mark."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([plain(cell) for cell in line] for line in lines)
    return written.getvalue()


def guarded(text: str) -> str:
    """Never a formula: an apostrophe goes before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def decimal(cents: int | None) -> str:
    """« 3,40 », a number to a French spreadsheet. A minus would be taken for a formula: `Amount` says those."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"
