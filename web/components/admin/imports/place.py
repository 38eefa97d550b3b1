"""Where imports are, which kinds there are, and who brings each."""

from dataclasses import dataclass
from typing import Any

from models.imports.kind import Kind
from models.imports.kinds import KINDS
from web.page.menu import Entry

PLACE = "/mairie/imports"
FAMILIES = "/mairie/familles/fichiers"  # the screen of its own

menu = Entry(
    PLACE,
    "Imports",
    "list",
    roles=("manager", "cashier"),
    order=59,
    shows=("money", "quotient", "birth"),
    about="Quotients, encaissements, inscriptions à partir d’un tableau",
)


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind as the screens know it."""

    slug: str
    kind: Kind[Any]
    roles: tuple[str, ...]
    title: str
    about: str  # what the file says
    example: tuple[str, ...]  # its first lines
    by_year: bool = False  # it asks which school year it is about

    @property
    def place(self) -> str:
        return f"{PLACE}/{self.slug}"


SORTS = (
    Sort(
        "quotients",
        KINDS["quotients"],
        ("manager",),
        "Quotients familiaux",
        "Une ligne par famille\u00a0: numéro de dossier, ou nom, prénom et date de naissance d’un enfant, et le "
        "quotient. Sans date, il vaut à partir du 1er de ce mois. Les brouillons de factures sont refaits.",
        ("Dossier;Quotient;À partir du", "VF-1001;845;01/01/2026"),
    ),
    Sort(
        "encaissements",
        KINDS["takings"],
        ("cashier",),
        "Encaissements",
        "Une ligne par paiement reçu. Chacun donne un reçu numéroté, à la date du fichier si sa journée n’est pas "
        "clôturée. Même famille, même référence, même jour, même somme\u00a0: le paiement est déjà là.",
        (
            "Date;Dossier;Moyen;Montant;Référence;Facture",
            "03/11/2025;VF-1001;Virement;45,60;VIR-8841;F2025-0012",
        ),
    ),
    Sort(
        "inscriptions",
        KINDS["enrolments"],
        ("manager",),
        "Inscriptions",
        "Une ligne par enfant et par activité. Les enfants sont déjà connus du portail. Sans date de fin, "
        "l’inscription va jusqu’à celle de l’activité.",
        ("Nom;Prénom;Date de naissance;Activité;Du;Au", "Durand;Lina;14/03/2017;Cantine;01/09/2025;"),
        by_year=True,
    ),
)
