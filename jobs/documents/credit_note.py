"""The credit note: which invoice it corrects, why, and what becomes of the amount."""

from jobs.documents.blocks import Prose
from jobs.documents.invoice import TOTALS, lines_table, small_print
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import LEFT, WIDTH, Sheet
from models.french import day_numeric, euros
from models.french.papers import credit_note_title, dispute, question
from models.rules.papers import CreditNote


def letter(paper: CreditNote) -> Letter:
    effect = Prose([paper.effect], WIDTH, 10)
    law = small_print([question(paper.issuer), dispute(paper.remedies, "cet avoir")])

    def close(sheet: Sheet, y: float) -> None:
        y = amount_row(sheet, y + 5, "Total de l’avoir", euros(paper.cents), TOTALS, size=17, bold=True)
        y = effect.draw(sheet, LEFT, y + 3)
        law.draw(sheet, LEFT, y + 5)

    return Letter(
        title=credit_note_title(paper),
        running_title=f"Avoir n° {paper.number}, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Avoir n°", paper.number),
            ("Date", day_numeric(paper.issued_on)),
            ("Facture corrigée", f"n° {paper.invoice_number} du {day_numeric(paper.invoice_issued_on)}"),
            *issued(paper.issuer, paper.addressee.number, "Émis par"),
        ],
        opening=Prose([paper.reason], WIDTH, 10, gap=3),
        table=lines_table(paper.lines, paper.issuer.colour),
        tail=27 + effect.height + law.height,
        close=close,
    )
