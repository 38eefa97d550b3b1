"""The tax certificate: per child under six, what was really paid for care in the year."""

from collections.abc import Iterator

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, amount_row, issued
from jobs.documents.sheet import BOLD, LEFT, RIGHT, SECOND, WIDTH, Sheet, ink_of
from models.french import day_numeric, euros
from models.french.papers import certificate_advice, certificate_sentences, certificate_title, signature
from models.rules.papers import CertifiedChild, TaxCertificate

COLUMNS = (
    Column("Enfant", LEFT, 68),
    Column("Né(e) le", 70, 92),
    Column("Accueil", 94, 168),
    Column("Payé", 168, RIGHT, "right"),
)
SUMS = 94.0


def letter(paper: TaxCertificate) -> Letter:
    advice = Prose(certificate_advice(), WIDTH, 8.5, colour=SECOND, gap=1)
    signed = Prose([f"Fait le {day_numeric(paper.issued_on)}.", signature(paper.issuer)], 80, 10)

    def close(sheet: Sheet, y: float) -> None:
        y = amount_row(
            sheet, y + 5, f"Total payé en {paper.year}", euros(paper.cents), SUMS, size=17, bold=True
        )
        y = advice.draw(sheet, LEFT, y + 3)
        signed.draw(sheet, 115, y + 5)

    return Letter(
        title=certificate_title(paper),
        running_title=f"Attestation fiscale {paper.year}, {paper.addressee.name}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Année", str(paper.year)),
            ("Date", day_numeric(paper.issued_on)),
            ("Payé par", paper.payer),
            *issued(paper.issuer, paper.addressee.number),
        ],
        opening=Prose(certificate_sentences(paper), WIDTH, 10, gap=3),
        table=Table(
            COLUMNS, [row for child in paper.children for row in rows(child)], ink_of(paper.issuer.colour)
        ),
        tail=28 + advice.height + signed.height,
        close=close,
    )


def rows(child: CertifiedChild) -> Iterator[list[list[Line]]]:
    """The activities, then the child's total: what goes into the declaration."""
    for place, (label, cents) in enumerate(child.paid):
        name = [Line(child.name, style=BOLD)] if place == 0 else []
        if name and child.alternating:
            name.append(Line("résidence alternée", 8, colour=SECOND))
        born = [Line(day_numeric(child.born_on))] if place == 0 else []
        yield [name, born, [Line(label)], [Line(euros(cents))]]
    yield [[], [], [Line(f"Total pour {child.name}", style=BOLD)], [Line(euros(child.cents), style=BOLD)]]
