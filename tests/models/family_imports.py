"""Files of families as other programs write them, and a member who brings one."""

from models import clock
from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.family_imports import bringing, writing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import FamilyImport

PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1; Cycle;Niveau;"
    "Libellé classe"
)
GUARDIANS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;CP responsable;"
    "Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable;"
    "Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants;"
    "Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
)


def pupil(last: str, first: str, born: str, level: str, address: str = "4 rue des Tilleuls") -> str:
    return f"{last};;{first};{born};F;;{address};38999;Val-Fleuri;FRANCE;CYCLE 3;{level};{level} A"


def guardian(last: str, first: str, email: str, phone: str, *children: tuple[str, str]) -> str:
    named = ";".join(f";{child_last};{child_first};" for child_last, child_first in children)
    return f"Mme;;{last};{first};4 rue des Tilleuls;38999;Val-Fleuri;FRANCE;{email};;;{phone};{named}"


async def bring(content: bytes, click: str = "click", name: str = "onde.csv") -> FamilyImport:
    year, ferry = await SchoolYear.get(), await School.get(code="ferry")
    id = await bringing.bring(Brought(click, name, content, year.id, ferry.id), 1, clock.now())
    return await FamilyImport.get(id=id)


async def write(content: bytes, click: str = "click") -> FamilyImport:
    file = await bring(content, click)
    await writing.write(file, 1, clock.now())
    return await FamilyImport.get(id=file.id)


def counts(file: FamilyImport) -> tuple[int, int, int, int]:
    """Created, changed, the same, wrong."""
    return file.created, file.changed, file.same, file.wrong
