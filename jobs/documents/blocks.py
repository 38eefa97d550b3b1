"""What is measured before it is drawn: sentences one below the other, and a table that goes on from page to page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobs.documents.sheet import (
    BOLD,
    EDGE,
    INK,
    LEFT,
    POINT,
    REGULAR,
    RIGHT,
    SECOND,
    Align,
    Colour,
    Sheet,
    wrapped,
)

LEADING = 1.38  # of the size
HEAD, CARRY, PADDING = 7.0, 7.0, 1.5  # millimetres


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    size: float = 9
    style: str = REGULAR
    colour: Colour = INK

    @property
    def height(self) -> float:
        return self.size * POINT * LEADING


class Prose:
    """Sentences in a column, each from a new line."""

    def __init__(
        self,
        texts: Iterable[str],
        room: float,
        size: float = 9,
        style: str = REGULAR,
        colour: Colour = INK,
        gap: float = 0,
    ) -> None:
        self._gap = gap
        self._texts = [
            [Line(line, size, style, colour) for line in wrapped(text, room, size, style)] for text in texts
        ]

    @property
    def height(self) -> float:
        return sum(line.height for text in self._texts for line in text) + self._gap * len(self._texts)

    def draw(self, sheet: Sheet, x: float, y: float) -> float:
        """From the top `y`; what comes next begins at the answer."""
        for text in self._texts:
            y = draw_lines(sheet, text, x, y) + self._gap
        return y


def draw_lines(sheet: Sheet, lines: Iterable[Line], x: float, y: float, align: Align = "left") -> float:
    for line in lines:
        sheet.words(x, y + line.height * 0.76, line.text, line.size, line.style, line.colour, align)
        y += line.height
    return y


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    left: float
    right: float
    align: Align = "left"


class Table:
    """Rows of cells, each a list of lines wrapped into their column. `carried`: what each row brings the sum to."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Sequence[Line]]],
        colour: Colour = INK,
        carried: Sequence[str] = (),
    ) -> None:
        self._columns, self._colour, self._carried = columns, colour, carried
        self._rows = [[_fit(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
        self.heights = [
            2 * PADDING + max(sum(line.height for line in cell) for cell in row) for row in self._rows
        ]

    def draw(self, sheet: Sheet, y: float, rows: range) -> float:
        """These rows, with what is carried over from the page before and to the next."""
        y = self._head(sheet, y)
        if rows.start and self._carried:
            y = self._carry(sheet, y, "Report", rows.start)
        for number in rows:
            for cell, column in zip(self._rows[number], self._columns, strict=True):
                x = column.left if column.align == "left" else column.right
                draw_lines(sheet, cell, x, y + PADDING, column.align)
            y += self.heights[number]
            sheet.rule(y)
        if rows.stop < len(self._rows) and self._carried:
            y = self._carry(sheet, y, "À reporter", rows.stop)
        return y

    def _head(self, sheet: Sheet, y: float) -> float:
        for column in self._columns:
            x = column.left if column.align == "left" else column.right
            sheet.words(x, y + 4.2, column.title, 8, BOLD, SECOND, column.align)
        sheet.rule(y + HEAD - 0.6, self._colour if self._colour != INK else EDGE, 0.4)
        return y + HEAD

    def _carry(self, sheet: Sheet, y: float, title: str, rows: int) -> float:
        sheet.words(LEFT, y + 4.6, title, 9, BOLD, SECOND)
        sheet.words(RIGHT, y + 4.6, self._carried[rows - 1], 9, BOLD, SECOND, "right")
        sheet.rule(y + CARRY)
        return y + CARRY


def _fit(cell: Sequence[Line], column: Column) -> list[Line]:
    room = column.right - column.left
    return [
        Line(part, line.size, line.style, line.colour)
        for line in cell
        for part in wrapped(line.text, room, line.size, line.style)
    ]


def paginated(heights: Sequence[float], first: float, later: float, tail: float) -> list[range]:
    """Which rows stand on which page. `first` and `later` are the rooms for rows; the last page holds `tail` too.

    What is at the end never stands alone: it takes a row with it.
    """
    pages: list[range] = []
    start, used, room = 0, 0.0, first
    for number, height in enumerate(heights):
        if used + sum(heights[number:]) + tail <= room:
            return [*pages, range(start, len(heights))]
        if number > start and used + height + CARRY > room:
            pages.append(range(start, number))
            start, used, room = number, CARRY, later
        used += height
    if used + tail <= room:
        return [*pages, range(start, len(heights))]
    split = max(len(heights) - 1, start) if len(heights) - start > 1 else len(heights)
    return [*pages, range(start, split), range(split, len(heights))]
