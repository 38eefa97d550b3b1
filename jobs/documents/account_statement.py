"""The account statement: every movement, what was due, what was paid, and the balance after it."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import BOLD, LEFT, RIGHT, SECOND, WIDTH, Sheet, ink_of
from models.french import day_numeric, euros
from models.french.papers import balance_label, question, span
from models.rules.papers import AccountStatement, Movement

COLUMNS = (
    Column("Date", LEFT, 34),
    Column("Mouvement", 35, 106),
    Column("Référence", 108, 133),
    Column("Dû", 133, 153, "right"),
    Column("Payé, avoir", 153, 174, "right"),
    Column("Solde", 174, RIGHT, "right"),
)
SUMS = 94.0


def letter(paper: AccountStatement) -> Letter:
    law = Prose(
        [
            "Un solde positif est ce qui reste dû à la commune, un solde négatif un avoir pour la famille.",
            question(paper.issuer),
        ],
        WIDTH,
        8,
        colour=SECOND,
    )

    def close(sheet: Sheet, y: float) -> None:
        label = balance_label(paper.closing_cents, paper.last)
        y = amount_row(sheet, y + 5, label, euros(abs(paper.closing_cents)), SUMS, size=17, bold=True)
        law.draw(sheet, LEFT, y + 4)

    running = list(paper.running())
    opening = [
        [Line(day_numeric(paper.first))],
        [Line("Solde au début de la période")],
        [],
        [],
        [],
        amount(paper.opening_cents),
    ]
    return Letter(
        title="Relevé de compte",
        running_title=f"Relevé de compte, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Période", span(paper.first, paper.last)),
            ("Date", day_numeric(paper.issued_on)),
            *issued(paper.issuer, paper.addressee.number, "Émis par"),
        ],
        table=Table(
            COLUMNS,
            [opening, *(row(movement, balance) for movement, balance in running)],
            ink_of(paper.issuer.colour),
            [euros(paper.opening_cents), *(euros(balance) for _, balance in running)],
        ),
        tail=22 + law.height,
        close=close,
    )


def row(movement: Movement, balance: int) -> list[list[Line]]:
    due, paid = (movement.cents, 0) if movement.cents > 0 else (0, -movement.cents)
    return [
        [Line(day_numeric(movement.day))],
        [Line(movement.label)],
        [Line(movement.reference, 8)],
        [Line(euros(due) if due else "")],
        [Line(euros(paid) if paid else "")],
        amount(balance),
    ]


def amount(cents: int) -> list[Line]:
    return [Line(euros(cents), style=BOLD)]
