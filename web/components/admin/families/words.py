"""What the journal of a family says, in French. An action that has no words here shows its code."""

import re
from datetime import date

from models.family_file.journal import JournalLine
from models.french import day_numeric, euros
from models.french.file_changes import LABELS
from models.french.rulebook.tariffs import CATEGORIES
from models.rules.booking import BookingState
from models.rules.families.household import DELIVERIES, SCHEMES
from web.components.admin.kit.form import Choice

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COLUMNS = {
    "born": "date de naissance",
    "address": "adresse",
    "category": "catégorie",
    "invoice_delivery": "factures",
    "class": "classe",
    "value": "quotient",
    "start": "à partir du",
    "end": "jusqu’au",
}
WEEKS = {"all": "", "even": "semaines paires", "odd": "semaines impaires"}
SAVED = {
    "cree": "Le dossier est créé.",
    "1": "C’est enregistré.",
    "garde": "C’est enregistré. Une inscription garde son groupe\u00a0: des jours y sont réservés, "
    "ou aucun groupe n’est pour cette classe.",
}
UNSURE = {
    BookingState.REQUESTED: "demandé",
    BookingState.WAITING: "en liste d’attente",
    BookingState.OFFERED: "place proposée",
    BookingState.HELD: "paiement en cours",
}
WHO = {
    "clock": "le portail",
    "command": "fichier de la commune",
    "mairie": "la mairie",
    "visitor": "quelqu’un qui n’est pas connecté",
}
DONE = {
    "family.opened": "Dossier repris du fichier de la commune",
    "family.created": "Dossier créé",
    "family.changed": "Foyer modifié",
    "file.changed": "Fiche modifiée",
    "guardian.added": "Responsable ajouté",
    "child.added": "Enfant ajouté",
    "class.changed": "Classe changée",
    "enrolment.made": "Inscription",
    "enrolment.ended": "Fin d’inscription",
    "quotient.set": "Quotient",
    "file.confirmed": "Informations confirmées par la famille",
    "health.changed": "Repas et santé changés",
    "health.read": "Repas et santé lus",
    "contact.added": "Personne de confiance ajoutée",
    "contact.removed": "Personne de confiance retirée",
    "consent.given": "Autorisation donnée",
    "consent.refused": "Autorisation refusée",
    "document.sent": "Pièce envoyée",
    "document.accepted": "Pièce acceptée",
    "document.refused": "Pièce refusée",
    "document.withdrawn": "Pièce reprise par la famille",
    "request.made": "Demande de la famille",
    "request.withdrawn": "Demande supprimée par la famille",
    "order.made": "Réservations validées",
    "absence.told": "Absence signalée",
    "membership.asked": "Adhésion demandée",
    "membership.declined": "Adhésion déclinée pour cette année",
    "membership.reconsidered": "Adhésion de nouveau possible",
    "request.accepted": "Demande acceptée",
    "request.refused": "Demande refusée",
    "request.reopened": "Réponse à une demande reprise",
    "waiting.served": "Place de la liste d’attente attribuée",
    "waiting.left": "Place proposée laissée",
    "counter.taken": "Encaissé au guichet",
    "counter.credit": "Facture réglée par l’avoir",
    "counter.reversed": "Reçu contre-passé",
    "counter.written_off": "Somme abandonnée",
    "refund.asked": "Remboursement demandé",
    "refund.sent": "Remboursement envoyé",
    "refund.refused": "Remboursement refusé",
    "refund.ordered": "Remboursement sur carte demandé à la banque",
    "refund.card_refused": "Remboursement sur carte refusé par la banque",
    "reminder.sent": "Relance envoyée",
    "mandate.signed": "Mandat de prélèvement signé",
    "message.sent": "Message de la famille",
    "message.answered": "Message de la mairie",
    "session.open": "Connexion",
    "session.refused": "Connexion refusée",
    "password.change": "Mot de passe changé",
    "calendar.opened": "Agenda ouvert",
    "calendar.closed": "Agenda fermé",
    "bank.anomaly": "Anomalie de paiement à voir",
}


def what(line: JournalLine) -> str:
    said = DONE.get(line.action, line.action)
    return f"{said}\u00a0: {line.about}" if line.about and line.who != line.about else said


def who(line: JournalLine) -> str:
    return WHO.get(line.who, "la banque" if line.who.startswith("bank:") else line.who)


def rewritten(line: JournalLine) -> list[tuple[str, str, str]]:
    """What it was and what it is: (label, before, after)."""
    before, after = line.details.get("before"), line.details.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (label, _value(before.get(column)), _value(after.get(column)))
        for column, label in (LABELS | COLUMNS).items()
        if column in after
    ]


def _value(kept: object) -> str:
    """As the journal keeps it: a text, a number, a day as « 2026-09-01 »."""
    if isinstance(kept, str) and DAY.fullmatch(kept):
        return day_numeric(date.fromisoformat(kept))
    return (
        CATEGORIES.get(str(kept))
        or DELIVERIES.get(str(kept))
        or (SCHEMES.get(str(kept)) if kept else "")
        or str("vide" if kept in (None, "") else kept)
    )


def more(line: JournalLine) -> str:
    """A sum or an activity, where the row says one."""
    cents, name = line.details.get("cents"), line.details.get("name")
    return euros(cents) if isinstance(cents, int) else str(name or "")


def category(code: str | None) -> str:
    return CATEGORIES.get(code or "", "non précisée")


def categories(empty: str) -> tuple[Choice, ...]:
    return (Choice("", empty), *(Choice(code, name) for code, name in CATEGORIES.items()))
