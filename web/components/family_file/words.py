"""The words of « Mon dossier » and « Mes démarches »."""

from models.family_file.parents.asked import About, Step
from models.family_file.parents.reading import Asks, ChildFile
from models.french import day_numeric
from models.french.file_changes import health_said, lacking
from models.rules.families.documents import Standing
from models.rules.families.household import DELIVERIES, SCHEMES, SEXES
from models.rules.states.requests import RequestState

__all__ = ["lacking"]


def sex(code: str) -> str:
    return SEXES[code]


DONE = {
    "fait": "C’est enregistré.",
    "demande": "Votre demande est envoyée. Un e-mail vous dira la réponse de la mairie.",
    "piece": "Votre document est envoyé. La mairie le vérifie.",
    "retrait": "Cette personne est retirée du dossier. Les parents sont prévenus.",
    "confirme": "Merci, vos informations sont confirmées pour cette année scolaire.",
    "supprime": "Votre démarche est supprimée.",
    "repondu": "La mairie a déjà répondu à cette démarche\u00a0: elle ne peut plus être supprimée.",
}
STATES = {
    RequestState.PENDING: "Attente",
    RequestState.ACCEPTED: "Acceptée",
    RequestState.REFUSED: "Refusée",
    RequestState.WITHDRAWN: "Supprimée",
}
MARKS = {  # a state of the planning and its mark, that draw it
    RequestState.PENDING: ("sent", "m-sent"),
    RequestState.ACCEPTED: ("booked", "m-booked"),
    RequestState.REFUSED: ("refused", "m-refused"),
    RequestState.WITHDRAWN: ("closed", "m-closed"),
}
ABOUT = {
    About.FAMILY: "Famille",
    About.PERSON: "Individu",
    About.ENROLMENT: "Inscription",
    About.BOOKING: "Demande",
}
PAPER_MARKS = {
    Standing.MISSING: ("picked", "m-picked"),
    Standing.PENDING: ("sent", "m-sent"),
    Standing.VALID: ("booked", "m-booked"),
    Standing.ENDING: ("picked", "m-picked"),
    Standing.OVER: ("picked", "m-picked"),
    Standing.REFUSED: ("refused", "m-refused"),
}


def state(step: Step) -> str:
    """« Refusée : dossier incomplet »."""
    said = STATES[step.state]
    return f"{said}\u00a0: {step.reason}" if step.reason else said


def paper(asks: Asks) -> str:
    """How far it has come."""
    last = asks.last
    if asks.standing is Standing.MISSING or last is None:
        return "à envoyer"
    if asks.standing is Standing.PENDING:
        return f"envoyé le {day_numeric(last.sent_at.date())}, la mairie vérifie"
    if asks.standing is Standing.REFUSED:
        return f"refusé\u00a0: {last.reason}"
    if last.until is None:
        return "accepté"
    day = day_numeric(last.until)
    said = {
        Standing.VALID: f"valable jusqu’au {day}",
        Standing.ENDING: f"expire le {day}, à renvoyer",
        Standing.OVER: f"expiré le {day}, à renvoyer",
    }
    return said[asks.standing]


def meals(child: ChildFile) -> str:
    """« Sans porc · allergies : lait »."""
    said = health_said(child.health)
    diet = said["diet"] if child.health.diet else "aucun régime"
    known = [diet[0].upper() + diet[1:]]
    if child.health.allergens:
        known.append(f"allergies\u00a0: {said['allergens']}")
    return " · ".join(known)


def plan(child: ChildFile) -> str:
    """« Oui, jusqu’au 03/07/2026 »."""
    if not child.health.plan:
        return "Non"
    until = child.health.plan_until
    return f"Oui, jusqu’au {day_numeric(until)}" if until else "Oui"


def scheme(code: str) -> str:
    return SCHEMES[code]


def delivery(code: str) -> str:
    return DELIVERIES[code]
