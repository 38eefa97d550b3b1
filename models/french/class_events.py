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
