"""A table as a file for the spreadsheets of a French mairie: `;`, UTF-8 with its mark, CRLF, comma decimals."""

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from models.french.spreadsheets import Cell, decimal, table

__all__ = ["Cell", "csv_file", "decimal"]


def csv_file(name: str, heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Response:
    """`name` is plain ASCII, without its suffix."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(table(heads, lines), media_type="text/csv; charset=utf-8", headers=headers)
