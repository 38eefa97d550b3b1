"""The discharge: the cash that a till gave back, in figures and in words, and where the family signs."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import LEFT, RIGHT, SECOND, Sheet, ink_of
from models.french import euros, moment_numeric
from models.french.amounts import amount_in_words
from models.french.papers import discharge_title
from models.rules.papers import Discharge

COLUMNS = (Column("Rendu pour", LEFT, 160), Column("Montant", 160, RIGHT, "right"))
SUMS = 106.0
SIGNED = 26.0  # millimetres of the box to sign in


def letter(paper: Discharge) -> Letter:
    said = (
        f"Je soussigné(e) {paper.payee} reconnais avoir reçu en espèces la somme de "
        f"{amount_in_words(paper.cents)}, en remboursement de mon avoir."
    )
    words = Prose([said], RIGHT - LEFT, 10)
    kept = Prose(
        ["Un exemplaire pour la famille, un pour la régie, signés tous les deux."],
        RIGHT - LEFT,
        8,
        colour=SECOND,
    )

    def close(sheet: Sheet, y: float) -> None:
        y = amount_row(sheet, y + 5, "Rendu en espèces", euros(paper.cents), SUMS, size=17, bold=True)
        y = words.draw(sheet, LEFT, y + 3)
        sheet.words(LEFT, y + 6, "Date et signature de la famille", 10)
        sheet.words(SUMS, y + 6, "Signature du régisseur", 10)
        kept.draw(sheet, LEFT, y + 6 + SIGNED)

    return Letter(
        title=discharge_title(paper),
        running_title=f"Décharge n° {paper.number}, {paper.payee}",
        issuer=paper.issuer,
        references=[
            ("Décharge n°", paper.number),
            ("Date", moment_numeric(paper.given_at)),
            ("Remis à", paper.payee),
            *issued(paper.issuer, paper.family_number, "Remis par"),
        ],
        table=Table(
            COLUMNS, [[[Line(paper.reason)], [Line(euros(paper.cents))]]], ink_of(paper.issuer.colour)
        ),
        tail=40 + words.height + SIGNED,
        close=close,
    )
