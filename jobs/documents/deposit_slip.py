"""The deposit slip: what the till hands over, by means, then cheque by cheque and coin by coin."""

from collections.abc import Iterator

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import BOLD, EDGE, LEFT, RIGHT, SECOND, Sheet, ink_of
from models.french import day_numeric, euros
from models.french.amounts import amount_in_words
from models.french.papers import span
from models.rules.money import grouped
from models.rules.papers import DepositSlip

COLUMNS = (
    Column("Moyen, tireur", LEFT, 78),
    Column("Banque", 80, 118),
    Column("Numéro", 120, 142),
    Column("Reçu", 144, 160),
    Column("Nombre", 160, 174, "right"),
    Column("Montant", 174, RIGHT, "right"),
)
SUMS = 94.0


def letter(paper: DepositSlip) -> Letter:
    words = Prose([f"Arrêté à la somme de {amount_in_words(paper.cents)}."], RIGHT - LEFT, 10)

    def close(sheet: Sheet, y: float) -> None:
        y = amount_row(sheet, y + 5, "Total versé", euros(paper.cents), SUMS, size=17, bold=True)
        y = words.draw(sheet, LEFT, y + 3) + 10
        for x, who in ((LEFT, "Le régisseur"), (110.0, "Le comptable")):
            sheet.words(x, y, f"{who}, date et signature", 8.5, colour=SECOND)
            sheet.rule(y + 22, EDGE, 0.2, x, x + 70)

    return Letter(
        title=f"Bordereau de versement n° {paper.number}",
        running_title=f"Bordereau de versement n° {paper.number}",
        issuer=paper.issuer,
        references=[
            ("Date", day_numeric(paper.issued_on)),
            ("Recettes", span(paper.first, paper.last)),
            ("Versé à", paper.recipient),
            *([("Compte", paper.account)] if paper.account else []),
            *issued(paper.issuer, "", "Versé par"),
        ],
        table=Table(COLUMNS, list(rows(paper)), ink_of(paper.issuer.colour)),
        tail=52 + words.height,
        close=close,
    )


def rows(paper: DepositSlip) -> Iterator[list[list[Line]]]:
    """Each means, then what it is made of."""
    for total in paper.totals:
        yield [
            [Line(total.means, style=BOLD)],
            [],
            [],
            [],
            [Line(grouped(total.count), style=BOLD)],
            [Line(euros(total.cents), style=BOLD)],
        ]
        for cash in total.cash:
            value = Line(f"en billets ou pièces de {euros(cash.value_cents)}", colour=SECOND)
            yield [[value], [], [], [], [Line(grouped(cash.count))], [part(cash.cents)]]
        for cheque in total.cheques:
            named = (cheque.drawer, cheque.bank, cheque.number, cheque.receipt)
            yield [*([Line(name, colour=SECOND)] for name in named), [], [part(cheque.cents)]]


def part(cents: int) -> Line:
    return Line(euros(cents), colour=SECOND)
