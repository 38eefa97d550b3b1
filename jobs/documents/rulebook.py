"""The commune's règlement: what it contains with its pages, then section after section."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jobs.documents.blocks import HEAD, Column, Line, Prose, Table
from jobs.documents.letter import letterhead
from jobs.documents.sheet import (
    BOLD,
    BOTTOM,
    INK,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    Colour,
    Sheet,
    ink_of,
)
from models.french import day_long
from models.french.papers import rulebook_title
from models.rules.papers import Issuer, Rulebook
from models.rules.papers.rulebook import Block, Heading, Items, Pictures, Prices, Section, Sentences

TITLE, CONTENTS, LATER = 48.0, 64.0, 24.0  # where they begin on a page
ENTRY = 5.6  # a line of the contents
BODY = 9.5
FIRST, MOST = 62.0, 46.0  # how wide the columns of a table are
PHONE, GAP = (37.0, 37.0 * 16 / 9), 5.0  # a picture of a phone, and what is between two
STATIC = Path(__file__).parents[2] / "static" / "guide"
ROWS = 18  # of a table, before it is set in two

Draw = Callable[[Sheet, float], object]


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands on one page. `holds`: it never ends one."""

    height: float
    draw: Draw
    holds: bool = False
    section: int | None = None  # that begins with it


@dataclass(frozen=True)
class Booklet:
    title: str
    running_title: str
    issuer: Issuer
    updated: str
    sections: Sequence[Section]

    def draw(self, sheet: Sheet) -> None:
        colour = ink_of(self.issuer.colour)
        pieces = [piece for n, one in enumerate(self.sections) for piece in _section(n, one, colour)]
        pages = list(_placed(pieces, CONTENTS + 8 + ENTRY * len(self.sections) + 4))
        begins = {piece.section: page for page, some in enumerate(pages) for piece, _ in some}
        for number, some in enumerate(pages):
            sheet.add_page()
            if number == 0:
                self._first(sheet, begins, colour)
            else:
                sheet.words(LEFT, 15, self.running_title, 8.5, BOLD)
                sheet.words(LEFT, 19, self.updated, 8, colour=SECOND)
            if len(pages) > 1:
                said = f"Page {number + 1}/{len(pages)}"
                sheet.words(RIGHT, 15, said, 8.5, colour=SECOND, align="right")
            for piece, y in some:
                piece.draw(sheet, y)

    def _first(self, sheet: Sheet, begins: dict[int | None, int], colour: Colour) -> None:
        letterhead(sheet, self.issuer)
        sheet.words(LEFT, TITLE, self.title, 18, BOLD, colour)
        sheet.words(LEFT, TITLE + 6, self.updated, 9, colour=SECOND)
        y = CONTENTS + 4
        for number, section in enumerate(self.sections):
            page = str(begins[number] + 1)
            sheet.words(LEFT, y, section.title, BODY)
            sheet.words(LEFT + 110, y, page, BODY, align="right")
            sheet.rule(y + 1.2, right=LEFT + 110)
            y += ENTRY


def letter(paper: Rulebook) -> Booklet:
    return Booklet(
        title=rulebook_title(paper),
        running_title=f"{rulebook_title(paper)}, {paper.issuer.commune}",
        issuer=paper.issuer,
        updated=f"Dernière mise à jour\u00a0: {day_long(paper.issued_on)}",
        sections=paper.sections,
    )


def _placed(pieces: Sequence[Piece], top: float) -> Iterator[list[tuple[Piece, float]]]:
    """Pages of pieces, each with its place. What holds goes to the next page with what it holds."""
    page: list[tuple[Piece, float]] = []
    y = top
    for number, piece in enumerate(pieces):
        if page and y + _together(pieces[number:]) > BOTTOM:
            yield page
            page, y = [], LATER
        page.append((piece, y))
        y += piece.height
    yield page


def _together(pieces: Sequence[Piece]) -> float:
    """How high the first is, with those that it holds."""
    height = 0.0
    for piece in pieces:
        height += piece.height
        if not piece.holds:
            break
    return height


def _section(number: int, section: Section, colour: Colour) -> Iterator[Piece]:
    title = Prose([section.title], WIDTH, 13, BOLD, colour)
    yield Piece(title.height + 7, lambda sheet, y: title.draw(sheet, LEFT, y + 5), True, number)
    for block in section.blocks:
        yield from _pieces(block)


def _pieces(block: Block) -> Iterator[Piece]:
    match block:
        case Heading():
            yield _prose(block.text, before=2.5, size=10, style=BOLD, holds=True)
        case Sentences():
            yield _prose(block.text, holds=block.text.endswith(":"))
        case Items():
            for number, text in enumerate(block.texts, 1):
                yield _item(text, f"{number}." if block.numbered else "•")
        case Prices():
            yield from _table(block)
        case Pictures():
            yield Piece(PHONE[1] + 6, partial(_phones, [name for name, _ in block.files]))


def _prose(text: str, before: float = 0, size: float = BODY, style: str = "", holds: bool = False) -> Piece:
    prose = Prose([text], WIDTH, size, style)
    return Piece(before + prose.height + 1.4, lambda sheet, y: prose.draw(sheet, LEFT, y + before), holds)


def _item(text: str, sign: str) -> Piece:
    prose = Prose([text], WIDTH - 5, BODY)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.words(LEFT + 1, y + 3.5, sign, BODY)
        prose.draw(sheet, LEFT + 5, y)

    return Piece(prose.height + 1, draw)


def _phones(names: Sequence[str], sheet: Sheet, y: float) -> None:
    """Side by side: a page has room for four."""
    wide, high = PHONE
    for n, name in enumerate(names):
        sheet.photograph((STATIC / name).read_bytes(), LEFT + n * (wide + GAP), y + 2, wide, high)


def _table(said: Prices) -> Iterator[Piece]:
    if said.caption:
        yield _prose(said.caption, before=1, size=9, style=BOLD, holds=True)
    room = min(MOST, (WIDTH - FIRST) / (len(said.columns) - 1))
    columns = [
        Column(title, LEFT, LEFT + FIRST)
        if n == 0
        else Column(title, LEFT + FIRST + room * (n - 1) + 2, LEFT + FIRST + room * n, "right")
        for n, title in enumerate(said.columns)
    ]
    table = Table(columns, [[[Line(cell, 9)] for cell in row] for row in said.rows], INK)
    for start in range(0, len(said.rows), ROWS):
        rows = range(start, min(start + ROWS, len(said.rows)))
        height = HEAD + sum(table.heights[row] for row in rows) + 3
        yield Piece(height, partial(_rows, table, rows))


def _rows(table: Table, rows: range, sheet: Sheet, y: float) -> None:
    table.draw(sheet, y, rows)
