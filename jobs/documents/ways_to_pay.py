"""How to pay: the framed box with its QR code, and the slip at the foot that goes back with a cheque."""

from dataclasses import dataclass

from jobs.documents import codes
from jobs.documents.blocks import Prose
from jobs.documents.sheet import BOLD, BOTTOM, EDGE, LEFT, RIGHT, SECOND, Sheet, wrapped
from models.french import euros
from models.french.papers import TOBACCONIST, debited, online, otherwise
from models.rules.papers import Addressee, Issuer, WaysToPay
from models.rules.papers.datamatrix import Debt, content, letter_key

SIDE, INSIDE = 26.0, 4.0
CUT = 267.0


class PayBox:
    """Frames the ways that there are; nothing is drawn when there is none."""

    def __init__(self, ways: WaysToPay, cents: int, debt: Debt | None = None) -> None:
        self._url = "" if ways.debit else ways.url
        self._left = LEFT + INSIDE + (SIDE + INSIDE if self._url else 0)
        self._columns = columns(ways, debt) if cents > 0 else []
        room = (RIGHT - INSIDE - self._left - 5 * (len(self._columns) - 1)) / max(1, len(self._columns))
        self._room = room
        self._drawn = [
            (Prose([title], room, 10, BOLD), Prose(said, room, 8.5, gap=0.4)) for title, said in self._columns
        ]

    @property
    def height(self) -> float:
        if not self._columns:
            return 0
        texts = max(title.height + said.height for title, said in self._drawn)
        return 2 * INSIDE + max(texts, SIDE if self._url else 0) + 3

    def draw(self, sheet: Sheet, y: float) -> float:
        if not self._columns:
            return y
        sheet.box(y, self.height - 3)
        if self._url:
            sheet.squares(codes.qr(self._url), LEFT + INSIDE, y + INSIDE, SIDE)
        x = self._left
        for title, said in self._drawn:
            said.draw(sheet, x, title.draw(sheet, x, y + INSIDE - 0.8) + 0.6)
            x += self._room + 5
        return y + self.height


def columns(ways: WaysToPay, debt: Debt | None) -> list[tuple[str, list[str]]]:
    if ways.debit:
        return [("Vous n’avez rien à faire", [debited(ways.debit)])]
    others = otherwise(ways) + ([TOBACCONIST] if debt else [])
    named = [("Payer en ligne, en deux minutes", online(ways)), ("Autrement", others)]
    return [(title, said) for title, said in named if said]


@dataclass(frozen=True)
class Slip:
    """At the foot of the last page: what a cheque is for, and the square that a tobacconist's terminal reads."""

    issuer: Issuer
    addressee: Addressee
    number: str  # « Facture S-2026-0133 »
    cents: int
    cheque: bool
    debt: Debt | None = None

    @property
    def height(self) -> float:
        return BOTTOM - CUT + 2 if self.wanted else 0

    @property
    def wanted(self) -> bool:
        return self.cents > 0 and (self.cheque or self.debt is not None)

    def draw(self, sheet: Sheet) -> None:
        if not self.wanted:
            return
        sheet.set_dash_pattern(dash=1.6, gap=1.2)
        sheet.rule(CUT, EDGE, 0.3, 0, 210)
        sheet.set_dash_pattern()
        use = "Talon à joindre au chèque" if self.cheque else "À présenter chez le buraliste"
        sheet.words(LEFT, CUT + 4.4, use, 8, colour=SECOND)
        right = RIGHT
        if self.debt:
            sheet.squares(codes.datamatrix(content(self.debt)), RIGHT - 19, CUT + 3.5, 19)
            right -= 24
        said = [
            (f"{self.issuer.service}, {self.issuer.commune}", self.number, 10.0),
            ("Famille", f"{self.addressee.name} · {self.addressee.number}", 10.0),
            ("Montant", euros(self.cents), 13.0),
        ]
        if self.debt:
            said[1] = (f"Dette {self.debt.number} {letter_key(self.debt)}", said[1][1], 10.0)
        room = (right - LEFT) / len(said) - 3
        for place, (label, value, size) in enumerate(said):
            x = LEFT + place * (room + 3)
            sheet.words(x, CUT + 11, wrapped(label, room, 8)[0], 8, colour=SECOND)
            Prose([value], room, size, BOLD).draw(sheet, x, CUT + 12)
