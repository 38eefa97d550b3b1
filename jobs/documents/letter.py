"""What all papers share: letterhead, address in the window, references, the marks where to fold, page numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jobs.documents.blocks import HEAD, Line, Prose, Table, draw_lines, paginated
from jobs.documents.sheet import (
    BOLD,
    BOTTOM,
    EDGE,
    LEFT,
    REGULAR,
    RIGHT,
    SECOND,
    WIDTH,
    Sheet,
    ink_of,
    width,
)
from models.french.papers import signature
from models.rules.papers import Addressee, Issuer

FOLDS = (99.0, 198.0)  # A4 in three, for a DL envelope
WINDOW_X, WINDOW_Y, WINDOW_WIDTH, WINDOW_HEIGHT = 110.0, 49.0, 85.0, 31.5
LOGO = 17.0
BODY, BODY_LATER = 112.0, 24.0  # where the table begins, on the first page and on the next
BODY_WITHOUT_WINDOW = 94.0


@dataclass(frozen=True)
class Letter:
    """A paper with a letterhead, a table over as many pages as it takes, and what closes it."""

    title: str
    running_title: str  # on the later pages: « Facture n° S-2026-0133, MOREAU Sophie »
    issuer: Issuer
    references: Sequence[tuple[str, str]]
    table: Table
    tail: float  # the height of what closes it
    close: Callable[[Sheet, float], None]  # draws that, from the given y
    addressee: Addressee | None = None
    opening: Prose = field(default_factory=lambda: Prose([], WIDTH))
    slip: float = 0  # the height kept at the foot of the last page

    def draw(self, sheet: Sheet) -> None:
        body = BODY if self.addressee else BODY_WITHOUT_WINDOW
        top = body + self.opening.height + (2 if self.opening.height else 0)
        pages = paginated(
            self.table.heights,
            BOTTOM - top - HEAD,
            BOTTOM - BODY_LATER - HEAD,
            self.tail + self.slip,
        )
        for number, rows in enumerate(pages):
            sheet.add_page()
            if number == 0:
                self._first(sheet, body)
            else:
                self._later(sheet)
            y = top if number == 0 else BODY_LATER
            y = self.table.draw(sheet, y, rows) if rows or number == 0 else y
            if number == len(pages) - 1:
                self.close(sheet, y)
            if len(pages) > 1:
                self._number(sheet, number + 1, len(pages))

    def _first(self, sheet: Sheet, body: float) -> None:
        letterhead(sheet, self.issuer)
        if self.addressee:
            address(sheet, self.addressee)
            for fold in FOLDS:
                sheet.rule(fold, EDGE, 0.2, 0, 5.3)
        references(sheet, self.references, 57 if self.addressee else 54)
        sheet.words(LEFT, body - 6, self.title, 18, BOLD, ink_of(self.issuer.colour))
        self.opening.draw(sheet, LEFT, body)

    def _later(self, sheet: Sheet) -> None:
        sheet.words(LEFT, 15, self.running_title, 8.5, BOLD)
        sheet.words(LEFT, 19, self.issuer.commune, 8, colour=SECOND)

    def _number(self, sheet: Sheet, number: int, count: int) -> None:
        sheet.words(RIGHT, 15, f"Page {number}/{count}", 8.5, colour=SECOND, align="right")


def letterhead(sheet: Sheet, issuer: Issuer) -> None:
    x = LEFT
    if issuer.logo:
        sheet.picture(issuer.logo, LEFT, 11, LOGO)
        x += LOGO + 3
    room = WINDOW_X + 60 - x
    y = Prose([issuer.commune], room, 13, BOLD).draw(sheet, x, 10.5)
    own = (issuer.service, *issuer.address, issuer.phone, issuer.email)
    Prose([line for line in own if line], room, 9).draw(sheet, x, y + 0.3)


def address(sheet: Sheet, addressee: Addressee) -> None:
    """In the window on the right, 110 mm × 49 mm; six lines fit, a long one is written smaller."""
    corner(sheet, WINDOW_X, WINDOW_Y, 1)
    corner(sheet, WINDOW_X + WINDOW_WIDTH, WINDOW_Y + WINDOW_HEIGHT, -1)
    size = 11.0 if len(addressee.lines) < 5 else 9.5
    room = WINDOW_WIDTH - 9
    longest = max(width(line, size) for line in addressee.lines)
    lines = [Line(line, min(size, size * room / max(longest, 1))) for line in addressee.lines]
    draw_lines(sheet, lines, WINDOW_X + 5, WINDOW_Y + 3.2)


def corner(sheet: Sheet, x: float, y: float, towards: int) -> None:
    sheet.set_draw_color(*EDGE)
    sheet.set_line_width(0.25)
    sheet.line(x, y, x + 2.6 * towards, y)
    sheet.line(x, y, x, y + 2.6 * towards)


def references(sheet: Sheet, pairs: Sequence[tuple[str, str]], y: float) -> None:
    label = max((width(name, 8.5) for name, _ in pairs), default=0) + 4
    room = WINDOW_X - 4 - LEFT - label
    for name, value in pairs:
        sheet.words(LEFT, y, name, 8.5, colour=SECOND)
        lines = Prose([value], room, 8.5, BOLD)
        lines.draw(sheet, LEFT + label, y - 3.1)
        y += max(4.8, lines.height + 0.7)


def issued(issuer: Issuer, family: str, verb: str = "Émise par") -> list[tuple[str, str]]:
    """The references that end every list: the family's file, and who issues in what quality."""
    said = signature(issuer)
    return [("Dossier famille", family)] * bool(family) + [(verb, said)] * bool(said)


def amount_row(
    sheet: Sheet, y: float, label: str, amount: str, left: float, *, size: float = 9.5, bold: bool = False
) -> float:
    """A label on the left, an amount on the right; the next begins at the answer."""
    room = RIGHT - left - width(amount, size, BOLD) - 6
    end = Prose([label], room, 9.5, BOLD if bold else REGULAR).draw(sheet, left, y)
    sheet.words(RIGHT, end - 1.2, amount, size, BOLD, align="right")
    return end + 2.2
