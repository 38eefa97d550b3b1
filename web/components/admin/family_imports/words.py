"""What a file of families says and does, in French."""

from collections.abc import Mapping

from models.family_imports.family_import import ImportLine
from models.family_imports.writing import WRONG
from models.french import day_numeric
from models.rules.imports.columns import Said
from models.rules.imports.lines import Flaw
from models.rules.imports.register import Change, Did, Outcome, What
from web.components.admin.kit import brought

NBSP = "\u00a0"
LABELS: Mapping[Said, str] = {
    Said.CHILD_LAST: "Nom de l’enfant",
    Said.CHILD_FIRST: "Prénom de l’enfant",
    Said.BORN: "Date de naissance",
    Said.SEX: "Sexe",
    Said.LEVEL: "Niveau ou classe",
    Said.SCHOOL: "École",
    Said.NUMBER: "Numéro de dossier",
    Said.ADDRESS: "Adresse",
    Said.POSTCODE: "Code postal",
    Said.TOWN: "Commune",
    Said.LAST: "Nom du responsable",
    Said.FIRST: "Prénom du responsable",
    Said.EMAIL: "Courriel",
    Said.PHONE: "Téléphone mobile",
    Said.HOME_PHONE: "Téléphone du domicile",
    Said.WORK_PHONE: "Téléphone du travail",
    Said.SECOND_LAST: "Nom du 2ᵉ responsable",
    Said.SECOND_FIRST: "Prénom du 2ᵉ responsable",
    Said.SECOND_EMAIL: "Courriel du 2ᵉ responsable",
    Said.SECOND_PHONE: "Téléphone du 2ᵉ responsable",
}
GROUPS = (
    ("Enfant", (Said.CHILD_LAST, Said.CHILD_FIRST, Said.BORN, Said.SEX, Said.LEVEL, Said.SCHOOL)),
    ("Foyer", (Said.NUMBER, Said.ADDRESS, Said.POSTCODE, Said.TOWN)),
    ("Responsable", (Said.LAST, Said.FIRST, Said.EMAIL, Said.PHONE, Said.HOME_PHONE, Said.WORK_PHONE)),
    ("Deuxième responsable", (Said.SECOND_LAST, Said.SECOND_FIRST, Said.SECOND_EMAIL, Said.SECOND_PHONE)),
)
FLAWS: Mapping[Flaw, str] = {
    Flaw.NAME: "il manque un nom ou un prénom",
    Flaw.BORN: "cette date de naissance ne se lit pas",
    Flaw.AGE: "cette date de naissance n’est pas celle d’un enfant",
    Flaw.LEVEL: "ce niveau n’est pas reconnu",
    Flaw.SCHOOL: "aucune école ne porte ce nom",
    Flaw.NO_SCHOOL: "plusieurs écoles ont ce niveau, choisissez celle du fichier",
    Flaw.NOT_TAUGHT: "cette école n’a pas ce niveau",
    Flaw.EMAIL: "cette adresse e-mail ne se lit pas",
    Flaw.PHONE: "ce numéro de téléphone ne se lit pas",
    Flaw.NOBODY: "cette ligne ne nomme personne",
    Flaw.UNKNOWN_CHILD: "aucun enfant ne porte ce nom, reprenez d’abord le fichier des élèves",
    Flaw.SEVERAL: "plusieurs enfants portent ce nom",
    Flaw.ELSEWHERE: "cet enfant est déjà dans un autre dossier",
    Flaw.LONG: "ce texte est trop long",
}
DID = {Did.CREATED: "Créé", Did.CHANGED: "Modifié", Did.WRONG: "Erreur"}
CONTACTS = {
    "email": "Courriel",
    "phone": "Mobile",
    "home_phone": "Domicile",
    "work_phone": "Travail",
    "address": "Adresse",
}


def sums(*numbers: int) -> list[tuple[int, str]]:
    return brought.sums(
        numbers, ("ligne identique", "lignes identiques"), ("ligne en erreur", "lignes en erreur")
    )


def reason(flaw: str, said: str) -> str:
    """« cette date de naissance ne se lit pas (32/13/2017) »."""
    return f"{FLAWS[Flaw(flaw)]} ({said})" if said else FLAWS[Flaw(flaw)]


def details(outcome: Outcome, schools: Mapping[int, str]) -> list[str]:
    """What a line would do, a sentence each; or why it does nothing."""
    if outcome.flaw:
        return [brought.capital(reason(outcome.flaw, outcome.said))]
    return [_change(one, schools) for one in outcome.changes]


def _change(one: Change, schools: Mapping[int, str]) -> str:
    match one.what:
        case What.FAMILY:
            number = one.household.number
            return f"Nouvelle famille{NBSP}: dossier {number}" if number else "Nouvelle famille"
        case What.PARENT:
            return f"Responsable{NBSP}: {one.parent.name if one.parent else ''}"
        case What.CHILD:
            return _child(one, schools)
        case What.CLASS:
            return f"Classe{NBSP}: {_class(one.before, schools)} → {_class(one.after, schools)}"
        case What.CONTACT | What.ADDRESS:
            changed = (
                f"{CONTACTS[column]}{NBSP}: {one.before.get(column) or 'inconnu'} → {text}"
                for column, text in one.after.items()
            )
            return ", ".join(changed).replace("\n", ", ")


def _child(one: Change, schools: Mapping[int, str]) -> str:
    kid = one.kid
    if kid is None:
        return ""
    where = f", {_class({'school': kid.school, 'level': kid.level}, schools)}" if kid.level else ""
    return f"Enfant{NBSP}: {kid.name}, {day_numeric(kid.born)}{where}"


def _class(said: Mapping[str, object], schools: Mapping[int, str]) -> str:
    school = said.get("school")
    return f"{said['level']}, {schools[school]}" if isinstance(school, int) else "aucune"


def wrong_lines(lines: list[ImportLine]) -> list[tuple[int, str]]:
    """Of a file that is written: line and reason."""
    return [(one.line, reason(one.after["flaw"], one.after["said"])) for one in lines if one.what == WRONG]
