"""What a definition says, in the words of the screens: the same keys and mistakes as the commune file's."""

import re
from collections.abc import Iterable
from datetime import date

from models.activities.definition.mistake import Mistake
from models.french import day_numeric, quoted
from models.french.dates import WEEKDAYS as DAYS
from models.rules.deadlines import WEEKDAYS
from web.components.admin.kit.form import Choice

KINDS = {"meal": "Cantine", "care": "Garderie", "leisure": "Loisirs", "adult": "Adultes"}
BILLING = {"prepaid": "À la réservation", "invoiced": "Sur la facture du mois"}
ACCEPTANCE = {"automatic": "Aussitôt, s’il reste une place", "staff": "Par la mairie, demande par demande"}
PRESENCE = {"booking": "Qui a réservé", "default": "Tous les inscrits, d’office"}
ENROLMENT = {
    "mairie": "Par la mairie",
    "request": "Demandée par les parents, la mairie répond",
    "online": "Par les parents, aussitôt",
}
ON = {"school_days": "Les semaines d’école", "holidays": "Les vacances scolaires", "both": "Toute l’année"}
LATE_CANCEL = {"refused": "Refusée", "allowed": "Acceptée, le jour reste facturé"}
CATEGORIES = {
    "resident": "Commune",
    "outside": "Hors commune",
    "pai": "PAI, panier fourni",
    "occasional": "Occasionnel",
    "adult": "Adulte",
    "staff": "Personnel",
}
LABELS = {
    "billing": "Paiement", "acceptance": "Réservation acceptée", "presence": "Qui vient",
    "till": "Régie", "opens": "Premier jour", "closes": "Dernier jour", "levels": "Niveaux", "schools": "Écoles",
    "book": "Réserver", "cancel": "Annuler", "late": "Réserver en retard", "deadlines.late": "Réserver en retard",
    "slot": "Créneau", "reduction": "Réduction", "from": "Du", "to": "Au", "up_to": "À", "brackets": "Tranches",
    "min": "min", "max": "max", "no_quotient": "Sans quotient", "starts": "Début", "ends": "Fin",
    "minimum": "Minimum", "step": "Par tranche de", "after": "Retard après", "care_part": "Part de garde",
    "code": "Nom", "reason": "Motif", "enrolment_places": "Enfants inscrits dans chaque groupe",
} | dict(zip(WEEKDAYS, DAYS, strict=True))  # fmt: skip
OF_PERIODS = {"from": "Jours du", "opens": "Réservations du", "closes": "Jusqu’au"}
_QUOTED = re.compile("«\u00a0([a-z_.]+)\u00a0»")
_PERIOD = re.compile(r"windows\[(\d+)\]")
_TARIFF = re.compile(r"tariffs\[(\d+)\]")
_ISO = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")


def choices(words: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in words.items())


def all_said(found: Iterable[Mistake]) -> list[str]:
    """Each once: « Réserver, Annuler : aucune limite pour « lundi », « mardi ». »"""
    keys: dict[tuple[str, str], list[Mistake]] = {}
    for one in found:
        keys.setdefault((one.where, one.expected), []).append(one)
    return [
        said(same[0], ", ".join(LABELS.get(one.key, "") for one in same) if len(same) > 1 else "")
        for same in keys.values()
    ]


def said(mistake: Mistake, of: str = "") -> str:
    """« Dernier jour : attendu le jour de « Premier jour » ou après. »"""
    labels = LABELS | (OF_PERIODS if _PERIOD.match(mistake.where) else {})
    text = _QUOTED.sub(lambda found: quoted(labels.get(found[1], found[1])), mistake.expected)
    text = _ISO.sub(lambda found: day_numeric(date.fromisoformat(found[1])), text)
    text = _PERIOD.sub(lambda found: f"la période {int(found[1]) + 1}", text)
    text = _TARIFF.sub(lambda found: f"le tarif {int(found[1]) + 1}", text)
    label = of or labels.get(mistake.key, "")
    return f"{label}\u00a0: {text}." if label else f"{text[:1].upper()}{text[1:]}."
