"""A table as a file for the spreadsheets of a French mairie: `;`, UTF-8 with its mark, CRLF, comma decimals."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from starlette.responses import Response

from models.rules.deadlines import PARIS

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a cell that begins so would be computed
MARK = "\ufeff"  # without it, Excel reads é as Ã©

Cell = str | int | date | datetime | None


def csv_file(name: str, heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Response:
    """`name` is plain ASCII, without its suffix."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([plain(head) for head in heads])
    writer.writerows([plain(cell) for cell in line] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(MARK + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(PARIS):%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case int():
            return str(cell)
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def decimal(cents: int | None) -> str:
    """« 3,40 », a number to a French spreadsheet. A minus would be taken for a formula: sums here are never below 0."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"
