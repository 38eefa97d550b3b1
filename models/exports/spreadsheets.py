"""A list as a file that is written as it is read: CSV for any program, XLSX with real dates and sums."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import IO

from models.exports.lists import Asked, Column, ExportList
from models.french.spreadsheets import MARK, Amount, Cell, Hours, lines_of
from models.rules.deadlines import PARIS

MOST_ROWS = 1_048_575  # of a sheet, below its heads
CHUNK = 64 * 1024  # bytes
MOMENT, DAY, SUM = "dd/mm/yyyy hh:mm", "dd/mm/yyyy", "#,##0.00"  # Excel's own names; it says them in French


class TooManyRows(Exception):
    """More than a sheet holds."""


async def as_csv(wanted: ExportList, asked: Asked) -> AsyncIterator[bytes]:
    """`;`, UTF-8 with its mark, CRLF, comma decimals; a text that a spreadsheet would compute has an apostrophe."""
    yield _csv([[column.label for column in wanted.columns]], MARK)
    async for piece in wanted.pieces(asked):
        yield _csv(piece)


async def as_xlsx(wanted: ExportList, asked: Asked) -> IO[bytes]:
    """A file that no folder names, to be read from its beginning and closed. Raises TooManyRows.

    Rows go to the disk as they come; a text is written as a text, and so is never computed.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    try:
        sheet = Sheet(file, wanted.label, wanted.columns)
        async for piece in wanted.pieces(asked):
            await asyncio.to_thread(sheet.add, piece)
        await asyncio.to_thread(sheet.close)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


async def one_sheet(title: str, heads: Sequence[str], lines: Sequence[Sequence[Cell]]) -> IO[bytes]:
    """As `as_xlsx`, of lines that are there already. Raises TooManyRows."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    try:
        sheet = Sheet(file, title, [Column(head, max(12, len(head) + 2)) for head in heads])
        await asyncio.to_thread(sheet.add, lines)
        await asyncio.to_thread(sheet.close)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


async def chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """What a file holds; it is closed at the end, however that comes."""
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        file.close()


class Sheet:
    """One sheet with frozen heads; what was added is on the disk."""

    def __init__(self, file: IO[bytes], title: str, columns: Sequence[Column]) -> None:
        import xlsxwriter  # here: three megabytes that a web process seldom needs

        self._book = xlsxwriter.Workbook(file, {"constant_memory": True})
        self._sheet = self._book.add_worksheet(title[:31])
        self._formats = {name: self._book.add_format({"num_format": name}) for name in (MOMENT, DAY, SUM)}
        head = self._book.add_format({"bold": True, "bottom": 1})
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, column.label, head)
        self._sheet.freeze_panes(1, 0)
        self._rows = 0

    def add(self, piece: Sequence[Sequence[Cell]]) -> None:
        """Raises TooManyRows."""
        for cells in piece:
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise TooManyRows(self._rows)
            for place, cell in enumerate(cells):
                self._write(place, cell)

    def close(self) -> None:
        self._book.close()

    def _write(self, place: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case datetime():
                moment = cell.astimezone(PARIS).replace(tzinfo=None)
                self._sheet.write_datetime(self._rows, place, moment, self._formats[MOMENT])
            case date():
                self._sheet.write_datetime(self._rows, place, cell, self._formats[DAY])
            case int():
                self._sheet.write_number(self._rows, place, cell)
            case Amount():
                self._sheet.write_number(self._rows, place, cell.cents / 100, self._formats[SUM])
            case Hours():
                self._sheet.write_number(self._rows, place, cell.hundredths / 100, self._formats[SUM])
            case _:
                self._sheet.write_string(self._rows, place, cell)


def _csv(lines: Sequence[Sequence[Cell]], mark: str = "") -> bytes:
    return (mark + lines_of(lines)).encode()
