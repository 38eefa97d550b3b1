"""« Mes données »: what it contains with its pages, then each list, a row a paragraph."""

from jobs.documents.rulebook import Booklet
from models.french import day_long
from models.french.papers import personal_data_title
from models.rules.papers import PersonalData


def letter(paper: PersonalData) -> Booklet:
    return Booklet(
        title=personal_data_title(),
        running_title=f"{personal_data_title()}, {paper.holder}, {paper.issuer.commune}",
        issuer=paper.issuer,
        updated=f"{paper.holder}, le {day_long(paper.issued_on)}",
        sections=paper.sections,
    )
