"""QR codes and datamatrices as dark squares: no image is embedded, printers and readers see sharp edges."""

from collections.abc import Iterator, Sequence

import segno
from ppf.datamatrix import DataMatrix

Matrix = Sequence[Sequence[int]]
MASK = 2  # a reader takes any of the eight; choosing the best one takes four times as long as drawing


def qr(url: str) -> Matrix:
    """Error correction M: it is read though a seventh of it is stained."""
    return segno.make_qr(url, error="m", mask=MASK, boost_error=False).matrix


def datamatrix(content: str) -> Matrix:
    matrix: Matrix = DataMatrix(content).matrix
    return matrix


def runs(matrix: Matrix) -> Iterator[tuple[int, int, int]]:
    """Dark modules of a row that touch each other, as one rectangle: column, row, width."""
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield start, y, x - start
                start = None
