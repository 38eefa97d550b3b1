"""What a table says and does, in French."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.family_imports.family_import import ImportLine
from models.french import day_numeric
from models.french.payments import TITLES
from models.rules.imports.register import Did
from models.rules.imports.table import Flaw, Outcome
from models.rules.money import NBSP, euros
from models.rules.states.payments import PaymentMethod
from web.components.admin.kit import brought

LABELS = {
    "number": "Numéro de dossier",
    "child_last": "Nom de l’enfant",
    "child_first": "Prénom de l’enfant",
    "born": "Date de naissance",
    "value": "Quotient",
    "start": "À partir du",
    "end": "Jusqu’au",
    "day": "Date de l’encaissement",
    "means": "Moyen de paiement",
    "sum": "Montant",
    "reference": "Référence",
    "purpose": "Facture ou «\u00a0avance\u00a0»",
    "till": "Régie",
    "activity": "Activité",
}
FLAWS: Mapping[Flaw, str] = {
    Flaw.MISSING: "il manque une valeur",
    Flaw.FAMILY: "aucune famille n’a ce numéro de dossier",
    Flaw.NOBODY: "il faut un numéro de dossier, ou le nom, le prénom et la date de naissance d’un enfant",
    Flaw.CHILD: "aucun enfant ne porte ce nom avec cette date de naissance",
    Flaw.SEVERAL: "plusieurs foyers sont possibles, indiquez le numéro de dossier",
    Flaw.TWICE: "déjà dit plus haut dans le fichier",
    Flaw.VALUE: "le quotient est un nombre entier, de 0 à 99 999",
    Flaw.DAY: "cette date ne se lit pas",
    Flaw.FUTURE: "cette date est à venir",
    Flaw.SUM: "ce montant ne se lit pas",
    Flaw.MEANS: "ce moyen de paiement n’est pas connu",
    Flaw.TILL: "aucune régie ne porte ce nom",
    Flaw.NO_TILL: "plusieurs régies sont possibles, indiquez laquelle",
    Flaw.CLOSED: "cette journée de caisse est clôturée",
    Flaw.INVOICE: "cette facture est celle d’une autre famille",
    Flaw.AT_BANK: "cette facture est en cours de prélèvement",
    Flaw.ACTIVITY: "aucune activité de cette année ne porte ce nom",
    Flaw.BACKWARDS: "la fin est avant le début",
    Flaw.OUTSIDE: "l’activité n’a pas lieu à ces dates",
    Flaw.GROUP: "aucun groupe de cette activité ne prend cet enfant",
    Flaw.MEMBERSHIP: "les parents y adhèrent eux-mêmes en payant",
    Flaw.TARIFF: "cette activité n’a pas de tarif pour cette famille",
    Flaw.BOOKED: "un jour est réservé en dehors de ces dates",
}
DID = {Did.CREATED: "Créé", Did.CHANGED: "Modifié", Did.WRONG: "Refusé"}
STAYED = {
    "quotient": "le quotient a changé depuis",
    "taking": "le paiement est déjà contre-passé, ou la caisse n’a plus ces espèces",
    "enrolment": "l’inscription a changé depuis, ou des jours y sont réservés",
}


def sums(*numbers: int) -> list[tuple[int, str]]:
    return brought.sums(numbers, ("ligne déjà là", "lignes déjà là"), ("ligne refusée", "lignes refusées"))


def reason(flaw: str, said: str) -> str:
    """« Cette date ne se lit pas (31/02/2026) »."""
    about = LABELS.get(said, said) if flaw == Flaw.MISSING else said
    text = brought.capital(FLAWS[Flaw(flaw)])
    return f"{text} ({about})" if about else text


def detail(outcome: Outcome[Any]) -> str:
    """What a line would do, or why it does nothing."""
    if outcome.flaw:
        return reason(outcome.flaw, outcome.said)
    before, after = outcome.before, outcome.after
    if "value" in after:
        old = f"{before['value']} depuis le {_day(before['start'])}" if before else "inconnu"
        return f"{old} → {after['value']} à partir du {_day(after['start'])}"
    if "cents" in after:
        return _taking(after)
    old = f"du {_day(before['start'])} au {_day(before['end'])} → " if before else ""
    return f"{after['activity']}, {old}du {_day(after['start'])} au {_day(after['end'])}"


def _taking(after: Mapping[str, Any]) -> str:
    what = f"facture {after['invoice'].upper()}" if after["invoice"] else "sommes dues les plus anciennes"
    if after["advance"]:
        what = "avance"
    means = TITLES[PaymentMethod(after["method"])]
    return f"{euros(after['cents'])}, {means}, le {_day(after['day'])}, {after['reference']}{NBSP}: {what}"


def _day(said: object) -> str:
    return day_numeric(date.fromisoformat(str(said)))


def refused(lines: list[ImportLine]) -> list[tuple[int, str]]:
    """Of a file that is written: line and reason."""
    return [(line.line, reason(line.after["flaw"], line.after["said"])) for line in lines]
