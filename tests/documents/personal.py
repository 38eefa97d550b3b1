"""« Mes données » of Sophie Moreau: two chapters, the second over more than one page."""

from dataclasses import replace
from datetime import date

from models.rules.papers import PersonalData
from models.rules.papers.rulebook import Heading, Items, Section
from tests.documents.people import ISSUER

PERSONAL = PersonalData(
    issuer=replace(ISSUER, service="", signatory="", quality=""),
    holder="Sophie Moreau",
    sections=(
        Section(
            "0",
            "Le foyer et les enfants",
            (Heading("Mes enfants"), Items(("n°\u00a0: 3\u00a0; prénom\u00a0: Emma",))),
        ),
        Section(
            "1",
            "Les réservations",
            (Heading("Réservations"), Items(("n°\u00a0: 1\u00a0; enfant\u00a0: Emma",) * 90)),
        ),
    ),
    issued_on=date(2026, 11, 30),
)
