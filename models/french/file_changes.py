"""What a family wants to change in its file, as page and e-mail say it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from models.french.dates import day_numeric
from models.rules.families.documents import Condition
from models.rules.families.health import FIELDS, Health
from models.rules.families.household import SCHEMES
from models.rules.menus.dishes import ALLERGENS
from models.rules.money import NBSP
from models.rules.states.requests import RequestKind

LABELS = {
    "role": "qui",
    "first_name": "prénom",
    "last_name": "nom",
    "born": "date de naissance",
    "email": "adresse e-mail",
    "phone": "téléphone",
    "home_phone": "téléphone du domicile",
    "work_phone": "téléphone du travail",
    "address": "adresse",
    "holder": "nom de l’allocataire",
    "scheme": "régime",
    "holder_number": "numéro d’allocataire",
    "dependants": "enfants à charge",
    "value": "quotient familial",
    "start": "à partir du",
    "enrolment": "activité",
    "end": "dernier jour",
}
HEALTH = {
    "diet": "régime alimentaire",
    "allergens": "allergies",
    "plan": "projet d’accueil (PAI)",
    "plan_until": "fin du PAI",
}
ASKED = {  # as an e-mail and a list say it
    RequestKind.BOOKING.value: "réservation",
    RequestKind.CANCELLATION.value: "annulation",
    RequestKind.FILE_CHANGE.value: "changement du dossier",
    RequestKind.HEALTH_CHANGE.value: "repas et santé",
    RequestKind.QUOTIENT.value: "quotient familial",
    RequestKind.NEW_PERSON.value: "nouvelle personne",
    RequestKind.ENROLMENT.value: "inscription",
    RequestKind.ENROLMENT_END.value: "fin d’inscription",
}
ROLES = {"child": "enfant", "guardian": "autre responsable"}
HIDDEN = "selon la demande"  # what a list does not show of a child's health


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each column's name, how it was and how it is to be; « vide » when it holds nothing. In the order of LABELS.

    Of a child's health the names alone: its values stay sealed.
    """
    if "sealed" in after:
        return [(label, "", HIDDEN) for name, label in HEALTH.items() if name in after["changed"]]
    return [
        (label, _value(column, before.get(column)), _value(column, after[column]))
        for column, label in LABELS.items()
        if column in after and (after[column] not in (None, "") or before.get(column) not in (None, ""))
    ]


def health_changes(before: Health, after: Health) -> list[tuple[str, str, str]]:
    """The same of a child's health, for whoever may read it."""
    told, then = health_said(before), health_said(after)
    return [
        (HEALTH[name], told[name], then[name])
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]


def health_said(health: Health) -> dict[str, str]:
    """By the names of HEALTH."""
    return {
        "diet": health.diet or "aucun",
        "allergens": allergens(health.allergens) or "aucune",
        "plan": "oui" if health.plan else "non",
        "plan_until": f"{health.plan_until:%d/%m/%Y}" if health.plan_until else "sans date",
    }


def allergens(words: Collection[str]) -> str:
    """« lait, œufs », in the order of the regulation."""
    return ", ".join(word for word in ALLERGENS if word in words)


def _value(column: str, kept: Any) -> str:
    if kept is None or kept == "":
        return "vide"
    if column in ("start", "born", "end"):
        return f"{date.fromisoformat(kept):%d/%m/%Y}"
    said = {"scheme": SCHEMES, "role": ROLES}.get(column, {})
    return said.get(str(kept), str(kept))


def lacking(condition: Condition, child: str, today: date) -> str:
    """« « Assurance scolaire » manque pour Emma : aucun jour ne peut être réservé tant que… »"""
    whose = f" pour {child}" if child else ""
    missing = f"«{NBSP}{condition.name}{NBSP}» manque{whose}{NBSP}:"
    done = "envoyé" if condition.until == "sent" else "accepté par la mairie"
    if condition.blocks(today):
        refused = f"aucun jour ne peut être réservé tant que ce document n’est pas {done}"
        return f"{missing} {refused}. Annuler reste possible."
    since = day_numeric(condition.since or today)
    return f"{missing} à partir du {since}, aucun jour ne pourra être réservé tant qu’il n’est pas {done}."
