"""What a bank's file of movements says: the day, label and sum of each credit, or why the file cannot be read.

A CSV of three columns, in this order or named by a header: `;` or `,` between them, a decimal comma or point, UTF-8 or
Latin-1. The file is read whole: one mistake, and nothing of it counts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from models.rules.files import csv_table
from models.rules.files.mistakes import Mistake, WrongFile

LONGEST = 1024 * 1024  # bytes
LONGEST_LABEL = 200  # letters; the rest of a label is cut off
_SUM = re.compile(r"([+-]?)([0-9]{1,8})(?:[,.]([0-9]{1,2}))?")
_NAMES = {
    "date": "day",
    "libell": "label",
    "label": "label",
    "montant": "sum",
    "crédit": "sum",
    "credit": "sum",
}


class Flaw(StrEnum):
    EMPTY = "empty"  # no movement at all
    COLUMNS = "columns"  # fewer than three
    DAY = "day"
    FUTURE = "future"
    LABEL = "label"  # there is none
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Credit:
    day: date
    label: str
    cents: int
    key: str  # the same line of another file has the same; the second of two alike has another


@dataclass(frozen=True, slots=True)
class Movements:
    credits: list[Credit]
    debits: int  # how many left the account


def read(content: bytes, today: date) -> Movements:
    """Raises WrongFile, with every mistake of the file."""
    table = csv_table.lines(content)
    columns = _columns(table[0][1]) if table else None
    order = columns or {"day": 0, "label": 1, "sum": 2}
    found, mistakes, debits = [], [], 0
    for line, cells in table[1:] if columns else table:
        one = _movement(line, cells, order, today)
        if isinstance(one, Mistake):
            mistakes.append(one)
        elif one[2] > 0:
            found.append(one)
        else:
            debits += 1
    if not mistakes and not found and not debits:
        mistakes.append(Mistake(1, Flaw.EMPTY))
    if mistakes:
        raise WrongFile(mistakes)
    return Movements(_keyed(found), debits)


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Where a header says that each column is; None: this line is a movement already."""
    if any(letter.isdigit() for cell in cells for letter in cell):
        return None
    named: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for start, column in _NAMES.items():
            if cell.casefold().startswith(start):
                named.setdefault(column, place)
    return named if len(named) == 3 else {"day": 0, "label": 1, "sum": 2}


def _movement(
    line: int, cells: Sequence[str], order: dict[str, int], today: date
) -> tuple[date, str, int] | Mistake:
    if len(cells) <= max(order.values()):
        return Mistake(line, Flaw.COLUMNS)
    said, label, typed = cells[order["day"]], cells[order["label"]], cells[order["sum"]]
    day, cents = csv_table.day(said), _cents(typed)
    if day is None:
        return Mistake(line, Flaw.DAY, said)
    if day > today:
        return Mistake(line, Flaw.FUTURE, said)
    if not label:
        return Mistake(line, Flaw.LABEL)
    if not cents:
        return Mistake(line, Flaw.SUM, typed)
    return day, label[:LONGEST_LABEL], cents


def _cents(typed: str) -> int | None:
    found = _SUM.fullmatch("".join(typed.split()).replace("\u2212", "-").removesuffix("€"))
    if found is None:
        return None
    cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if found[1] == "-" else cents


def _keyed(found: Sequence[tuple[date, str, int]]) -> list[Credit]:
    seen: Counter[tuple[date, str, int]] = Counter()
    credits = []
    for one in found:
        seen[one] += 1
        said = "|".join(map(str, (*one, seen[one])))
        credits.append(Credit(*one, sha256(said.encode()).hexdigest()))
    return credits
