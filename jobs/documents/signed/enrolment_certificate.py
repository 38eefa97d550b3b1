"""The certificate of enrolment: who the child is, its school and class, its activities with their days."""

from jobs.documents.blocks import Column, Line, Prose, Table
from jobs.documents.letter import Letter, issued
from jobs.documents.sheet import LEFT, RIGHT, WIDTH, Sheet, ink_of
from models.french import day_numeric
from models.french.papers import enrolment_sentences, enrolment_title, signature
from models.rules.papers import EnrolmentCertificate

COLUMNS = (Column("Activité", LEFT, 120), Column("Du", 122, 158), Column("Au", 160, RIGHT))


def letter(paper: EnrolmentCertificate) -> Letter:
    signed = Prose([f"Fait le {day_numeric(paper.issued_on)}.", signature(paper.issuer)], 80, 10)

    def close(sheet: Sheet, y: float) -> None:
        signed.draw(sheet, 115, y + 8)

    return Letter(
        title=enrolment_title(paper),
        running_title=f"Attestation d’inscription, {paper.child}",
        issuer=paper.issuer,
        addressee=paper.addressee,
        references=[
            ("Année scolaire", paper.year),
            ("Date", day_numeric(paper.issued_on)),
            *issued(paper.issuer, paper.addressee.number),
        ],
        opening=Prose(enrolment_sentences(paper), WIDTH, 10, gap=3),
        table=Table(
            COLUMNS,
            [
                [
                    [Line(f"{one.name}, {one.group}" if one.group else one.name)],
                    [Line(day_numeric(one.first))],
                    [Line(day_numeric(one.last))],
                ]
                for one in paper.activities
            ],
            ink_of(paper.issuer.colour),
        ),
        tail=16 + signed.height,
        close=close,
    )
