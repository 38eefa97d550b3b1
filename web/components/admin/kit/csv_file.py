"""A table as a file for the spreadsheets of a French mairie: `;`, UTF-8 with its mark, CRLF, comma decimals."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from models.french.spreadsheets import MARK, Cell, decimal, plain

__all__ = ["Cell", "csv_file", "decimal"]


def csv_file(name: str, heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Response:
    """`name` is plain ASCII, without its suffix."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([plain(head) for head in heads])
    writer.writerows([plain(cell) for cell in line] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(MARK + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
