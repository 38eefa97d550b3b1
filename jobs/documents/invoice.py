"""The invoice: what was used, why at this price, what is left to pay, how, and until when it can be disputed."""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import BOLD, INK, LEFT, RIGHT, SECOND, WIDTH, Sheet, ink_of
from jobs.documents.ways_to_pay import PayBox, Slip
from models.french import day_numeric, euros
from models.french.papers import invoice_title, line_days, line_parts, question, remedies, span, total_label
from models.rules.money import grouped
from models.rules.papers import Invoice, InvoiceLine

COLUMNS = (
    Column("Prestation", LEFT, 67),
    Column("Enfant", 69, 93),
    Column("Période", 95, 138),
    Column("Quantité", 138, 153, "right"),
    Column("Prix unitaire", 153, 174, "right"),
    Column("Montant", 174, RIGHT, "right"),
)
TOTALS = 106.0  # where the sums begin


def letter(paper: Invoice) -> Letter:
    slip = Slip(
        paper.issuer,
        paper.addressee,
        f"Facture {paper.number}",
        paper.to_pay_cents,
        cheque=bool(paper.ways_to_pay.cheque_to) and not paper.ways_to_pay.debit,
        debt=paper.debt,
    )
    height, close = closing(paper, slip)
    return Letter(
        title=invoice_title(paper),
        running_title=f"Facture n° {paper.number}, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Facture n°", paper.number),
            ("Date", day_numeric(paper.issued_on)),
            ("Période", span(paper.first, paper.last)),
            *issued(paper.issuer, paper.addressee.number),
            ("Net à payer", euros(max(0, paper.to_pay_cents))),
        ],
        table=lines_table(paper.lines, paper.issuer.colour),
        tail=height,
        close=close,
        slip=slip.height,
    )


def lines_table(lines: Sequence[InvoiceLine], colour: str) -> Table:
    return Table(
        COLUMNS,
        [row(line) for line in lines],
        ink_of(colour),
        [euros(cents) for cents in accumulate(line.cents for line in lines)],
    )


def row(line: InvoiceLine) -> list[list[Line]]:
    return [
        [Line(line.label, style=BOLD), *(Line(part, 8, colour=SECOND) for part in line_parts(line))],
        [Line(line.child)],
        [Line(days, 8.5)] if (days := line_days(line)) else [],
        [Line(grouped(line.quantity))],
        [Line(euros(line.unit_cents))],
        [Line(euros(line.cents), style=BOLD)],
    ]


def closing(paper: Invoice, slip: Slip) -> tuple[float, Callable[[Sheet, float], None]]:
    """What follows the lines: its height, and how it is drawn."""
    basis = Prose(paper.basis, TOTALS - LEFT - 8, 8.5, colour=SECOND, gap=0.6)
    sums = 8 + 7.0 * len(paper.adjustments) + 16
    box = PayBox(paper.ways_to_pay, paper.to_pay_cents, paper.debt)
    due = paper.due_on if paper.to_pay_cents > 0 else None
    law = small_print([question(paper.issuer, due), *remedies(paper.remedies, due=due is not None)])

    def draw(sheet: Sheet, y: float) -> None:
        basis.draw(sheet, LEFT, y + 3)
        y = max(totals(sheet, y + 3, paper), y + 3 + basis.height + 3)
        y = box.draw(sheet, y)
        law.draw(sheet, LEFT, y)
        slip.draw(sheet)

    return 3 + max(sums, basis.height + 3) + box.height + law.height + 2, draw


def totals(sheet: Sheet, y: float, paper: Invoice) -> float:
    if paper.adjustments:
        y = amount_row(sheet, y, "Total de la facture", euros(paper.cents), TOTALS)
        for adjustment in paper.adjustments:
            y = amount_row(sheet, y, adjustment.label, euros(adjustment.cents), TOTALS)
        sheet.rule(y - 0.6, INK, 0.4, TOTALS, RIGHT)
        y += 1.4
    y = amount_row(
        sheet, y + 2, total_label(paper), euros(abs(paper.to_pay_cents)), TOTALS, size=17, bold=True
    )
    return y + 2


def small_print(texts: Iterable[str]) -> Prose:
    return Prose(texts, WIDTH, 7.8, colour=SECOND, gap=0.5)
