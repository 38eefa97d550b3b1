"""The words of a class that is not there."""

from models.rules.states.class_events import ClassEventKind, Kept

KINDS: dict[str, str] = {
    ClassEventKind.TRIP: "Sortie scolaire",
    ClassEventKind.STRIKE: "Grève",
    ClassEventKind.TEACHER: "Enseignant absent",
    ClassEventKind.SCHOOL: "École fermée",
}
KEPT: dict[str, str] = {
    Kept.FULL: "la place a été donnée à une autre famille",
    Kept.BOOKED: "la famille l’a réservé de nouveau",
    Kept.OVER: "le jour a commencé",
}

# Of days that the mairie closes: what somebody has to answer first.
UNANSWERED = {
    "requested": "une demande attend votre réponse",
    "waiting": "un enfant est en liste d’attente",
    "offered": "une place proposée n’est pas encore prise",
    "held": "un paiement est en cours",
}
