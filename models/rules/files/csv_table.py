"""A CSV as spreadsheets and other programs write it: `;` or `,` or tabs between cells, UTF-8 or Latin-1."""

import csv
import re
from datetime import date
from enum import StrEnum
from io import StringIO

from models.rules.files.mistakes import Mistake, WrongFile

_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]((?:20)?[0-9]{2})")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")


class TableFlaw(StrEnum):
    TABLE = "table"  # cannot be read as a table


def lines(content: bytes) -> list[tuple[int, list[str]]]:
    """Those that say something, with their numbers. Raises WrongFile."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if _CONTROL.search(text):
        raise WrongFile([Mistake(1, TableFlaw.TABLE)])
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = next((mark for mark in (";", "\t") if mark in first), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)
    found = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [" ".join(cell.split()) for cell in cells]))
    except csv.Error:
        raise WrongFile([Mistake(reader.line_num, TableFlaw.TABLE)]) from None
    return found


def day(said: str) -> date | None:
    """« 31/12/2025 », « 31-12-25 » or « 2025-12-31 »; None for what is no day."""
    found = _DAY.fullmatch(said)
    try:
        if found is None:
            return date.fromisoformat(said)
        return date(2000 + int(found[3][-2:]), int(found[2]), int(found[1]))
    except ValueError:
        return None
