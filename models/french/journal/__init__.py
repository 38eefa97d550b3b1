"""Rows of the journal as sentences: who did what, to whom, what it was before and what it is now."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.french.dates import day_numeric
from models.french.file_changes import LABELS
from models.french.journal.events import EVENTS
from models.french.names import roles
from models.french.rulebook.tariffs import CATEGORIES
from models.rules.deadlines import PARIS
from models.rules.families.household import DELIVERIES, SCHEMES
from models.rules.money import euros

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COLUMNS = {
    "born": "date de naissance",
    "sex": "sexe",
    "address": "adresse",
    "category": "catégorie",
    "invoice_delivery": "factures",
    "class": "classe",
    "value": "quotient",
    "presence": "qui vient",
    "start": "à partir du",
    "end": "jusqu’au",
    "name": "nom",
    "assigned": "confié à",
    "roles": "rôles",
    "reason": "motif",
    "group": "groupe",
    "stop": "arrêt de navette",
    "title": "titre du portail",
    "hours": "horaires",
    "siret": "SIRET",
    "colour": "couleur",
    "roll_pin": "code de la tablette",
    "logo": "logo",
    "alt": "texte du logo",
    "kept_sessions": "connexions et liens gardés (mois)",
    "kept_messages": "messages gardés (mois)",
    "kept_health": "allergies et régimes gardés (mois)",
    "kept_inactive": "dossiers inactifs gardés (mois)",
    "erased_messages": "conversations effacées",
    "erased_health": "fiches de santé effacées",
    "erased_inactive": "dossiers anonymisés",
    "second_step": "double authentification pour tous",
}
PRESENCE = {"booking": "qui a réservé", "default": "tous les inscrits, d’office"}
HIDDEN = frozenset({"health"})  # that it changed is told, never what it says
WHO = {
    "clock": "le portail",
    "command": "fichier de la commune",
    "mairie": "la mairie",
    "visitor": "quelqu’un qui n’est pas connecté",
}


def title(action: str) -> str:
    """An action that has no words here shows its code."""
    return EVENTS[action].title if action in EVENTS else action


def who(name: str) -> str:
    """`name`: of a person, or who the journal says it was: "clock", "bank:demo"."""
    return WHO.get(name, "la banque" if name.startswith("bank:") else name)


def sentence(name: str, action: str, about: str, details: Mapping[str, Any]) -> str:
    """« Anne Durand a accepté une demande (Chloé, Repas de midi, 07/09/2026) »."""
    deed = EVENTS[action].deed if action in EVENTS else action
    subject = {"command": "la commande d’administration"}.get(name, who(name))
    said = f"{subject[:1].upper()}{subject[1:]} {deed}"
    facts = [part for part in (about if about != name else "", more(details)) if part]
    return f"{said} ({', '.join(facts)})" if facts else said


def emptied(at: datetime | None) -> str:
    """« , contenu effacé le 30/11/2026 », of a row whose words an erasure took away."""
    return f", contenu effacé le {day_numeric(at.astimezone(PARIS).date())}" if at else ""


def rewritten(details: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What it was and what it is: (label, before, after)."""
    before, after = details.get("before"), details.get("after")
    if not isinstance(after, dict):
        return []
    old = before if isinstance(before, dict) else {}
    found = [
        (label, _value(old.get(column)), _value(after.get(column)))
        for column, label in (LABELS | COLUMNS).items()
        if column in after and column not in HIDDEN and old.get(column) != after.get(column)
    ]
    return found + [("santé", "", "modifié") for column in sorted(HIDDEN & after.keys())]


def more(details: Mapping[str, Any]) -> str:
    """A sum or a name, where the row says one."""
    cents, name = details.get("cents"), details.get("name") or details.get("title")
    return euros(cents) if isinstance(cents, int) else str(name or details.get("number") or "")


def _value(kept: object) -> str:
    """As the journal keeps it: a text, a number, a day as « 2026-09-01 », a list of roles."""
    if isinstance(kept, bool):
        return "oui" if kept else "non"
    if isinstance(kept, list):
        return roles([str(one) for one in kept]) or ", ".join(map(str, kept)) or "vide"
    if isinstance(kept, str) and DAY.fullmatch(kept):
        return day_numeric(date.fromisoformat(kept))
    return (
        CATEGORIES.get(str(kept))
        or DELIVERIES.get(str(kept))
        or (SCHEMES.get(str(kept)) if kept else "")
        or PRESENCE.get(str(kept))
        or str("vide" if kept in (None, "") else kept)
    )
