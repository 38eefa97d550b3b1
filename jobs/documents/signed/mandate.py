"""The SEPA mandate: what is allowed, to whom, from which account, and where the family signs."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, issued
from jobs.documents.sheet import BOLD, LEFT, RIGHT, SECOND, WIDTH, Sheet, ink_of, wrapped
from models.french import day_numeric
from models.french.debits import (
    MANDATE_TITLE,
    mandate_facts,
    mandate_rights,
    mandate_sentences,
    mandate_signed,
)
from models.rules.papers import Mandate

COLUMNS = (Column("Mandat", LEFT, 84), Column("À vérifier avant de signer", 86, RIGHT))
SIGNED = 30.0  # millimetres of the place to sign in


def letter(paper: Mandate) -> Letter:
    rights = Prose([mandate_rights()], WIDTH, 8, colour=SECOND)

    def close(sheet: Sheet, y: float) -> None:
        sheet.words(LEFT, y + 10, mandate_signed(paper), 10)
        sheet.words(LEFT, y + 18, "Signature du titulaire du compte", 10, BOLD)
        rights.draw(sheet, LEFT, y + 18 + SIGNED)

    return Letter(
        title=MANDATE_TITLE,
        running_title=f"{MANDATE_TITLE} {paper.rum}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Mandat", paper.rum),
            ("Date", day_numeric(paper.issued_on)),
            *issued(paper.issuer, paper.addressee.number),
        ],
        opening=Prose(mandate_sentences(paper), WIDTH, 10, gap=3),
        table=Table(COLUMNS, [_row(*fact) for fact in mandate_facts(paper)], ink_of(paper.issuer.colour)),
        tail=22 + SIGNED + rights.height,
        close=close,
    )


def _row(name: str, said: str) -> list[list[Line]]:
    return [[Line(name)], [Line(line, style=BOLD) for line in wrapped(said, RIGHT - 88, 9, BOLD)]]
