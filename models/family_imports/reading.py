"""The lines of a file, CSV or XLSX, one after the other: a large one is never whole in memory as texts."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO, StringIO, TextIOWrapper

from models.rules.files.mistakes import Mistake, WrongFile

LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes of a workbook's parts
MOST_LINES = 50_000
MOST_CELLS = 200  # of a line
_NUL = b"\0"


class FileFlaw(StrEnum):
    EMPTY = "empty_file"
    TABLE = "no_table"  # neither a CSV nor a workbook
    LINES = "too_many_lines"


def lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Those that say something, with their numbers; the first is the heads. Raises WrongFile, perhaps on the way."""
    found = _of_workbook(content) if content.startswith(b"PK") else _of_text(content)
    for number, (line, cells) in enumerate(found):
        if number > MOST_LINES:
            raise WrongFile([Mistake(line, FileFlaw.LINES)])
        yield line, cells


def heads(content: bytes) -> list[str]:
    """Raises WrongFile where there is no line below them."""
    found = lines(content)
    first = next(found, None)
    if first is None or next(found, None) is None:
        raise WrongFile([Mistake(1, FileFlaw.EMPTY)])
    return first[1]


def _of_text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if _NUL in content:
        raise WrongFile([Mistake(1, FileFlaw.TABLE)])
    encoding = "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
    text = TextIOWrapper(BytesIO(content), encoding=encoding, errors="replace", newline="")
    between = _mark(content)
    reader = csv.reader(text, delimiter=between, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [" ".join(cell.split()) for cell in cells[:MOST_CELLS]]
    except csv.Error:
        raise WrongFile([Mistake(reader.line_num, FileFlaw.TABLE)]) from None


def _mark(content: bytes) -> str:
    """What stands between cells: of `;`, tab and `,` the one that the first line has most of."""
    first = next((line for line in content.splitlines() if line.strip()), b"").decode("cp1252", "replace")
    rows = {mark: next(csv.reader(StringIO(first), delimiter=mark), []) for mark in (";", "\t", ",")}
    return max(rows, key=lambda mark: len(rows[mark]))


def _of_workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Of its first sheet. A formula counts for the value that it had when it was saved."""
    from openpyxl import load_workbook  # it takes a while: only where it is wanted

    _check_parts(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=MOST_CELLS), 1):
            cells = [_text(value) for value in row]
            if any(cells):
                yield line, cells
    except (KeyError, ValueError, IndexError, OSError, SyntaxError, zipfile.BadZipFile, TypeError):
        raise WrongFile([Mistake(1, FileFlaw.TABLE)]) from None


def _check_parts(content: bytes) -> None:
    """A workbook that unpacks to something enormous, or whose XML declares entities, is none."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise WrongFile([Mistake(1, FileFlaw.LINES)])
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as file:
                        if b"<!DOCTYPE" in file.read(1024):
                            raise WrongFile([Mistake(1, FileFlaw.TABLE)])
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise WrongFile([Mistake(1, FileFlaw.TABLE)]) from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
