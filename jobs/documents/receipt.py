"""The receipt: what the till took, in figures and in words, how, and the change it gave."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import LEFT, RIGHT, SECOND, Sheet, ink_of
from models.french import euros, moment_numeric
from models.french.amounts import amount_in_words
from models.french.papers import receipt_title
from models.rules.money import NBSP
from models.rules.papers import Receipt

COLUMNS = (Column("Payé pour", LEFT, 160), Column("Montant", 160, RIGHT, "right"))
SUMS = 106.0


def letter(paper: Receipt) -> Letter:
    rows = [[[Line(each.label)], [Line(euros(each.cents))]] for each in paper.settled]
    words = Prose([f"Arrêté à la somme de {amount_in_words(paper.cents)}."], RIGHT - LEFT, 10)
    means = Prose([means_of(paper)], RIGHT - LEFT, 10)
    kept = "Ce reçu vaut quittance. Conservez-le, il n’en sera pas remis d’autre."
    thanks = Prose([kept], RIGHT - LEFT, 8, colour=SECOND)

    def close(sheet: Sheet, y: float) -> None:
        y = amount_row(sheet, y + 5, "Reçu", euros(paper.cents), SUMS, size=17, bold=True)
        if paper.change_cents:
            y = amount_row(sheet, y, "Remis en espèces", euros(paper.tendered_cents or 0), SUMS)
            y = amount_row(sheet, y, "Rendu", euros(paper.change_cents), SUMS)
        y = words.draw(sheet, LEFT, y + 3)
        y = means.draw(sheet, LEFT, y + 1)
        thanks.draw(sheet, LEFT, y + 5)

    return Letter(
        title=receipt_title(paper),
        running_title=f"Reçu n° {paper.number}, {paper.payer}",
        issuer=paper.issuer,
        references=[
            ("Reçu n°", paper.number),
            ("Date", moment_numeric(paper.received_at)),
            ("Reçu de", paper.payer),
            *issued(paper.issuer, paper.family_number, "Reçu par"),
        ],
        table=Table(COLUMNS, rows, ink_of(paper.issuer.colour)),
        tail=45 + words.height + means.height,
        close=close,
    )


def means_of(paper: Receipt) -> str:
    details = f" ({paper.details})" if paper.details else ""
    return f"Moyen de paiement{NBSP}: {paper.means}{details}."
