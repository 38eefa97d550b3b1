"""The letter of first connection: what to type, where, and a square that types it."""

from jobs.documents import codes
from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, issued
from jobs.documents.sheet import BOLD, LEFT, RIGHT, WIDTH, Sheet, ink_of
from models.french import day_numeric
from models.french.papers import ACCESS_TITLE, access_opening, access_steps, question
from models.rules.papers import AccessLetter

COLUMNS = (Column("À saisir", LEFT, 90), Column("", 92, RIGHT))
SIDE, INSIDE = 34.0, 5.0


def letter(paper: AccessLetter) -> Letter:
    left = LEFT + 2 * INSIDE + SIDE
    steps = Prose(access_steps(paper), RIGHT - INSIDE - left, 10, gap=1.4)
    ask = Prose([question(paper.issuer)], WIDTH, 9)
    height = max(steps.height, SIDE) + 2 * INSIDE

    def close(sheet: Sheet, y: float) -> None:
        sheet.box(y + 6, height)
        sheet.squares(codes.qr(paper.url), LEFT + INSIDE, y + 6 + INSIDE, SIDE)
        steps.draw(sheet, left, y + 6 + INSIDE)
        ask.draw(sheet, LEFT, y + height + 12)

    return Letter(
        title=ACCESS_TITLE,
        running_title=f"{ACCESS_TITLE}, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[("Date", day_numeric(paper.issued_on)), *issued(paper.issuer, paper.addressee.number)],
        opening=Prose(access_opening(), WIDTH, 10, gap=2),
        table=Table(COLUMNS, rows(paper), ink_of(paper.issuer.colour)),
        tail=height + ask.height + 16,
        close=close,
    )


def rows(paper: AccessLetter) -> list[list[list[Line]]]:
    said = (
        ("Numéro de dossier", paper.addressee.number),
        ("Code du courrier", paper.code),
        ("Nom d’utilisateur proposé", paper.username),
    )
    return [[[Line(label, 10)], [Line(value, 13, BOLD)]] for label, value in said]
