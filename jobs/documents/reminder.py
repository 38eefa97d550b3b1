"""The reminder: which invoices are due, until when, how to pay; its tone rises with its level."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.invoice import small_print
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import BOLD, LEFT, RIGHT, WIDTH, Sheet, ink_of
from jobs.documents.ways_to_pay import PayBox, Slip
from models.french import day_numeric, euros
from models.french.papers import REMINDER_TITLES, dispute, question, reminder_sentences
from models.rules.papers import Reminder, UnpaidInvoice

COLUMNS = (
    Column("Facture", LEFT, 70),
    Column("Du", 72, 95),
    Column("À payer avant le", 97, 130),
    Column("Montant", 130, 162, "right"),
    Column("Reste à payer", 162, RIGHT, "right"),
)
SUMS = 94.0


def letter(paper: Reminder) -> Letter:
    box = PayBox(paper.ways_to_pay, paper.cents)
    law = small_print(
        [
            question(paper.issuer, paper.pay_by),
            dispute(paper.remedies, "ces sommes", "la réception de chaque facture"),
        ]
    )
    slip = Slip(
        paper.issuer, paper.addressee, numbers(paper), paper.cents, cheque=bool(paper.ways_to_pay.cheque_to)
    )

    def close(sheet: Sheet, y: float) -> None:
        label = f"À payer avant le {day_numeric(paper.pay_by)}"
        y = amount_row(sheet, y + 5, label, euros(paper.cents), SUMS, size=17, bold=True)
        y = box.draw(sheet, y + 2)
        law.draw(sheet, LEFT, y)
        slip.draw(sheet)

    return Letter(
        title=REMINDER_TITLES[paper.level],
        running_title=f"{REMINDER_TITLES[paper.level]}, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Date", day_numeric(paper.issued_on)),
            ("À payer", euros(paper.cents)),
            *issued(paper.issuer, paper.addressee.number),
        ],
        opening=Prose(reminder_sentences(paper), WIDTH, 10, gap=2),
        table=Table(COLUMNS, [row(invoice) for invoice in paper.invoices], ink_of(paper.issuer.colour)),
        tail=20 + box.height + law.height,
        close=close,
        slip=slip.height,
    )


def row(invoice: UnpaidInvoice) -> list[list[Line]]:
    return [
        [Line(invoice.number, style=BOLD)],
        [Line(day_numeric(invoice.issued_on))],
        [Line(day_numeric(invoice.due_on))],
        [Line(euros(invoice.cents))],
        [Line(euros(invoice.rest_cents), style=BOLD)],
    ]


def numbers(paper: Reminder) -> str:
    if len(paper.invoices) == 1:
        return f"Facture {paper.invoices[0].number}"
    return f"Factures {', '.join(invoice.number for invoice in paper.invoices)}"
