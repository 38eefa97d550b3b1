"""What a file of quotients says: a family's number, its quotient in whole euros, and since when; or what is wrong.

A CSV with a header; the CAF's and spreadsheets' ways of writing are understood. It is read whole: one mistake, and
nothing of it counts.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.files import csv_table
from models.rules.files.mistakes import Mistake, WrongFile

LONGEST = 1024 * 1024  # bytes
_VALUE = re.compile(r"([0-9]{1,5})(?:[,.]0{1,2})?")
_HEADS = {
    "dossier": "number",
    "numéro": "number",
    "numero": "number",
    "n°": "number",
    "quotient": "value",
    "qf": "value",
    "à partir": "start",
    "a partir": "start",
    "date": "start",
    "début": "start",
    "debut": "start",
}


class Flaw(StrEnum):
    NO_LINE = "no_line"
    HEADS = "heads"  # a column is missing
    NUMBER = "number"
    UNKNOWN = "unknown"  # no family has it
    TWICE = "twice"
    VALUE = "value"
    START = "start"


@dataclass(frozen=True, slots=True)
class QuotientLine:
    number: str  # of the family, as the portal writes it
    value: int  # whole euros
    start: date

    def __str__(self) -> str:
        return f"{self.number};{self.value};{self.start.isoformat()}"


def read(content: bytes, numbers: Collection[str], usual: date) -> list[QuotientLine]:
    """`usual`: since when, where the file does not say. Raises WrongFile, with every mistake of the file."""
    table = csv_table.lines(content)
    if not table:
        raise WrongFile([Mistake(1, Flaw.NO_LINE)])
    columns = _columns(table[0][1])
    if not {"number", "value"} <= columns.keys():
        raise WrongFile([Mistake(table[0][0], Flaw.HEADS)])
    known, found, mistakes = {number.casefold(): number for number in numbers}, {}, []
    for line, cells in table[1:]:
        one = _line(
            line, {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}, known, usual
        )
        if isinstance(one, QuotientLine) and one.number in found:
            one = Mistake(line, Flaw.TWICE, one.number)
        if isinstance(one, Mistake):
            mistakes.append(one)
        else:
            found[one.number] = one
    if mistakes or not found:
        raise WrongFile(mistakes or [Mistake(table[-1][0], Flaw.NO_LINE)])
    return list(found.values())


def _columns(cells: list[str]) -> dict[str, int]:
    named: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for start, column in _HEADS.items():
            if cell.casefold().startswith(start):
                named.setdefault(column, place)
                break
    return named


def _line(line: int, said: dict[str, str], known: dict[str, str], usual: date) -> QuotientLine | Mistake:
    typed = said["number"]
    if not typed:
        return Mistake(line, Flaw.NUMBER)
    number = known.get(typed.casefold())
    if number is None:
        return Mistake(line, Flaw.UNKNOWN, typed)
    value = _VALUE.fullmatch("".join(said["value"].split()).removesuffix("€"))
    if value is None:
        return Mistake(line, Flaw.VALUE, said["value"])
    start = csv_table.day(said["start"]) if said.get("start") else usual
    return QuotientLine(number, int(value[1]), start) if start else Mistake(line, Flaw.START, said["start"])
