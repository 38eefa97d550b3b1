"""How a request is told: its words, the day before and after, what an answer costs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.bookings.request_list import RequestLine
from models.bookings.request_reopening import Final
from models.french import day_long, euros, moment, plural, word
from models.french.file_changes import LABELS
from models.rules.booking import BookingState
from models.rules.states.requests import RequestKind, RequestState

ACTIONS: dict[str, str] = {
    RequestKind.BOOKING: "Réservation",
    RequestKind.CANCELLATION: "Annulation",
    RequestKind.FILE_CHANGE: "Changement du dossier",
    RequestKind.HEALTH_CHANGE: "Repas et santé",
    RequestKind.QUOTIENT: "Quotient familial",
    RequestKind.NEW_PERSON: "Nouvelle personne",
    RequestKind.ENROLMENT: "Inscription",
    RequestKind.ENROLMENT_END: "Fin d’inscription",
}
OVER = "ce jour est passé, la demande ne peut plus qu’être refusée."
CHANGED = "le dossier a changé entre-temps, la demande ne peut plus qu’être refusée."
STAYS = {  # an answer that can no longer be taken back
    Final.TOLD: "la famille est prévenue, la réponse ne peut plus être annulée.",
    Final.POSTED: "la réponse est écrite au compte de la famille, elle ne peut pas être annulée.",
    Final.TAKEN: "la place a été prise entre-temps, la réponse ne peut plus être annulée.",
    Final.CHANGED: "la demande a changé entre-temps, la réponse ne peut plus être annulée.",
}
NAMES = (LABELS["first_name"], LABELS["last_name"])
OLD = timedelta(days=2)
Day = tuple[str, str, str]  # its state on the planning, its mark, its words


def asked(line: RequestLine) -> str:
    if line.kind == RequestKind.NEW_PERSON:
        return "Ajouter " + " ".join(after for label, _, after in line.changes if label in NAMES)
    if line.kind == RequestKind.ENROLMENT:
        return f"Inscrire\u00a0: {line.changes[0][2]}"
    if line.kind == RequestKind.ENROLMENT_END:
        return f"Ne plus inscrire\u00a0: {line.changes[0][2]}, dernier jour le {line.changes[1][2]}"
    if line.day is None:
        return f"Changer {', '.join(label for label, _, _ in line.changes)}"
    verb = "Réserver" if line.kind == RequestKind.BOOKING else "Annuler"
    return f"{verb} {line.slot}, {day_long(line.day)}"


def stopped(line: RequestLine) -> str:
    """Why it cannot be accepted."""
    return f"{_about(line)}\u00a0: {CHANGED if line.day is None else OVER}"


def stays(line: RequestLine, why: Final) -> str:
    """Why its answer cannot be taken back."""
    return f"{_about(line)}\u00a0: {STAYS[why]}"


def _about(line: RequestLine) -> str:
    return line.child if line.day is None else f"{line.child}, {line.slot}, {day_long(line.day)}"


def age(line: RequestLine, now: datetime) -> str:
    """« 2 j », « 5 h », « 12 min »: since when it waits."""
    minutes = max(0, int((now - line.made_at).total_seconds() // 60))
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)}\u00a0j"
    return f"{minutes // 60}\u00a0h" if minutes >= 60 else f"{minutes}\u00a0min"


def is_old(line: RequestLine, now: datetime) -> bool:
    return now - line.made_at >= OLD


def before(line: RequestLine) -> Day:
    if line.kind == RequestKind.BOOKING:
        return "sent", "m-sent", "demandée"
    return "booked", "m-booked", "réservée"


def after(line: RequestLine) -> Day:
    """As it would be once accepted."""
    if line.kind == RequestKind.CANCELLATION:
        return "free", "", "libre"
    return ("waiting", "m-waiting", "en attente") if line.full else ("booked", "m-booked", "réservée")


def places(line: RequestLine) -> str:
    """« reste 3 places », « complet »; nothing where places do not count."""
    if line.left is None or line.kind != RequestKind.BOOKING:
        return ""
    if line.left > 0:
        return f"reste {line.left} place{'s' if line.left > 1 else ''}"
    return "complet"


def consequences(line: RequestLine) -> list[tuple[str, str]]:
    """What accepting does to the family's account: (what, how much)."""
    if line.day is None:
        return []
    if line.kind == RequestKind.BOOKING:
        return [("La journée", euros(line.cents))]
    return [("Avoir" if line.prepaid else "En moins sur la facture", euros(line.cents))]


def outcome(line: RequestLine) -> str:
    said: dict[str, str] = {
        RequestState.ACCEPTED: f"acceptée{_then(line)}",
        RequestState.REFUSED: f"refusée\u00a0: {line.reason}",
        RequestState.WITHDRAWN: "retirée",
    }
    return said.get(line.state, "en attente")


def told(lines: Sequence[RequestLine]) -> str:
    """What was just answered, in one click."""
    if len(lines) > 1:
        accepted = lines[0].state == RequestState.ACCEPTED
        done = word(len(lines), "acceptée" if accepted else "refusée")
        return f"{plural(len(lines), 'demande')} {done}."
    line = lines[0]
    said = f"{line.child}, {asked(line)[0].lower()}{asked(line)[1:]}\u00a0: {outcome(line)}"
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."  # a reason may be a sentence


def aftermath(lines: Sequence[RequestLine], member: int) -> str:
    """What becomes of these answers: who is told, and what cannot be taken back."""
    families = len({line.family for line in lines})
    told = all(line.told_at for line in lines)
    if told:
        return "La famille est prévenue." if families == 1 else "Les familles sont prévenues."
    soon = "La famille sera prévenue" if families == 1 else "Les familles seront prévenues"
    if any(line.lasting for line in lines):
        return f"{soon}. Sans retour\u00a0: c’est écrit au dossier."
    final = sum(line.posted for line in lines)
    if not final:
        return f"{soon} dans quelques secondes."
    if final == len(lines):
        return f"{soon}. Sans retour\u00a0: c’est écrit au compte."
    return f"{soon}. {final} sur {len(lines)} sans retour\u00a0: c’est écrit au compte."


def history(line: RequestLine) -> list[tuple[datetime, str, str]]:
    """The last first: when, what, who."""
    made = [(line.made_at, "Demandée par la famille", "")]
    if line.answered_at is None:
        return made
    answer = outcome(line)
    return [(line.answered_at, answer[0].upper() + answer[1:], line.answered_by or ""), *made]


def _then(line: RequestLine) -> str:
    """What becomes of what was accepted."""
    if line.kind == RequestKind.BOOKING and line.booking == BookingState.WAITING:
        return ", complet\u00a0: sur la liste d’attente"
    if line.kind == RequestKind.BOOKING and line.booking == BookingState.OFFERED and line.offered_until:
        return f", place proposée jusqu’à {moment(line.offered_until)}"
    if line.kind == RequestKind.BOOKING and line.booking == BookingState.CONFIRMED and line.owed:
        return f", à régler à la prochaine réservation\u00a0: {euros(line.owed)}"
    return ", réglée par l’avoir" if line.credit and line.booking == BookingState.CONFIRMED else ""
