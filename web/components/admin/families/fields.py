"""What the forms of a family ask: a parent, a child with its class and activities, the household."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from models.activities.catalogue import ActivityFacts, Catalogue
from models.commune.school_year import SchoolYear
from models.family_file.checks import CannotEnrol
from models.family_file.creating import NewChild, NewGuardian
from models.french import quoted
from models.rules.families.household import SCHEMES, SEXES
from web.components.admin.families.words import categories
from web.components.admin.kit.form import (
    AnyOf,
    Birth,
    Choice,
    Day,
    Email,
    Field,
    Filled,
    Lines,
    OneOf,
    Phone,
    Text,
    Whole,
)

ADDRESS = Lines("adresse", "Adresse", "Sans les noms.", longest=400, rows=3)
CATEGORY = OneOf(
    "categorie", "Catégorie de tarif", "Pour toute la famille.", choices=categories("Non précisée")
)
FUND: tuple[tuple[str, Field[Any]], ...] = (  # by column of the family
    ("holder", Text("allocataire", "Nom de l’allocataire", longest=100)),
    (
        "scheme",
        OneOf("regime", "Régime", choices=tuple(Choice(code, said) for code, said in SCHEMES.items())),
    ),
    ("holder_number", Text("numero_allocataire", "Numéro d’allocataire", longest=30)),
    ("dependants", Whole("enfants_a_charge", "Enfants à charge", most=30)),
)
VALUE = Whole("quotient", "Quotient familial", "En euros entiers.", most=99_999)
SINCE = Day("quotient_du", "À partir du", "Vide\u00a0: aujourd’hui.")
NOT_BORN = "Cette date est à venir."
WHY = {
    "group": "aucun groupe ne prend un enfant de cette classe.",
    "membership": "les parents y inscrivent eux-mêmes leur enfant, en payant l’adhésion.",
    "tariff": "cette activité n’a pas de tarif pour la catégorie de la famille.",
    "over": "cette activité est terminée.",
}


def guardian_fields(prefix: str, needed: bool) -> tuple[Text, Text, Email, Phone, Phone, Phone]:
    """`needed`: the block must be filled in."""

    def missing(said: str) -> str:
        return said if needed else ""

    return (
        Text(f"{prefix}_prenom", "Prénom", "", missing("Saisissez le prénom."), 100),
        Text(f"{prefix}_nom", "Nom", "", missing("Saisissez le nom."), 100),
        Email(f"{prefix}_courriel", "Courriel", "", missing("Saisissez l’adresse e-mail.")),
        Phone(f"{prefix}_telephone", "Téléphone mobile"),
        Phone(f"{prefix}_domicile", "Téléphone du domicile"),
        Phone(f"{prefix}_travail", "Téléphone du travail"),
    )


def guardian_of(prefix: str, filled: Filled) -> NewGuardian:
    first, last, email, mobile, home, work = guardian_fields(prefix, False)
    return NewGuardian(
        filled.of(first) or "",
        filled.of(last) or "",
        filled.of(email) or "",
        filled.of(mobile),
        filled.of(home),
        filled.of(work),
    )


def child_fields(
    prefix: str, needed: bool, catalogue: Catalogue, year: SchoolYear | None, today: date
) -> tuple[Field[Any], ...]:
    activities = [Choice(str(one.id), one.name) for one in open_activities(catalogue, year, today)]
    return (
        *identity_fields(prefix, needed),
        class_field(f"{prefix}_classe", catalogue),
        AnyOf(f"{prefix}_activites", "Inscriptions", choices=tuple(activities)),
    )


_SEXES = tuple(Choice(code, said.capitalize()) for code, said in SEXES.items())


def identity_fields(prefix: str, needed: bool = True) -> tuple[Text, Text, Birth, OneOf]:
    def missing(said: str) -> str:
        return said if needed else ""

    return (
        Text(f"{prefix}_prenom", "Prénom", "", missing("Saisissez le prénom de l’enfant."), 100),
        Text(f"{prefix}_nom", "Nom", "", missing("Saisissez le nom de l’enfant."), 100),
        Birth(f"{prefix}_naissance", "Date de naissance", "", missing("Saisissez la date de naissance.")),
        OneOf(f"{prefix}_sexe", "Sexe", choices=_SEXES),
    )


def class_field(name: str, catalogue: Catalogue, label: str = "École et classe") -> OneOf:
    """« 3-CE1 »: the school's id and the level."""
    schools = sorted(catalogue.schools.values(), key=lambda school: (school.position, school.id))
    classes = [
        Choice(f"{school.id}-{level}", f"{level}, {school.name}")
        for school in schools
        for level in school.levels
    ]
    return OneOf(name, label, choices=(Choice("", "Aucune (adulte, ou école d’ailleurs)"), *classes))


def class_of(value: object) -> tuple[int | None, str | None]:
    school, _, level = str(value or "").partition("-")
    return (int(school), level) if school and level else (None, None)


def child_of(prefix: str, filled: Filled) -> NewChild:
    first, last, birth, sex = identity_fields(prefix, False)
    school, level = class_of(filled.values.get(f"{prefix}_classe"))
    return NewChild(
        filled.of(first) or "",
        filled.of(last) or "",
        filled.values[birth.name],
        school,
        level,
        tuple(map(int, filled.values.get(f"{prefix}_activites", ()))),
        filled.of(sex) or "",
    )


def open_activities(catalogue: Catalogue, year: SchoolYear | None, today: date) -> list[ActivityFacts]:
    """Those in which the mairie may enrol a child: of the year, not over, and not joined by paying."""
    return [
        one
        for one in catalogue.activities.values()
        if year is not None
        and one.year == year.id
        and one.timetable.closes >= today
        and not (one.enrolment == "online" and one.membership_fee is not None)
    ]


def refusal(exc: CannotEnrol) -> str:
    return f"{quoted(exc.activity.name)}\u00a0: {WHY[exc.why]}"


def is_begun(prefix: str, fields: Iterable[Field[Any]], sent: Mapping[str, Any]) -> bool:
    """Has anything been typed into this block?"""
    return any(field.typed(sent) for field in fields if field.name.startswith(f"{prefix}_"))
