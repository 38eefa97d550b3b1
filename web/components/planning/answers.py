"""What a tick is answered: done, refused and why, as the screen reader and the alert say it."""

from models.french import day_without_year, euros, plural
from models.planning import cell_words
from models.planning.cell import Cell
from models.planning.grid import Planning
from models.planning.ticks import Outcome
from web.http.forms import whole


def reddened(outcome: Outcome) -> frozenset[str]:
    """A late untick where the mairie answers: refused in red, though the day stays booked."""
    refused = (cell for cell in outcome.refused if cell.shown.state == "booked" and cell.shown.operable)
    return frozenset(cell.key for cell in refused)


def announcement(outcome: Outcome, shown: Planning, closed: int = 0) -> str:
    """What the tick did, for the screen reader; `closed` days were passed over."""
    if not outcome.done:
        return ""
    total = f"Total {euros(shown.draft.cents)}."
    if len(outcome.done) == 1:
        cell = outcome.done[0]
        return f"{cell.slot_name}, {day_without_year(cell.day)}\u00a0: {_became(cell)}. {total}"
    ranks = len([cell for cell in outcome.done if cell_words.is_drafted_rank(cell.shown)])
    states = {cell.shown.state for cell in outcome.done if not cell_words.is_drafted_rank(cell.shown)}
    several = SEVERAL.get(states.pop(), CHANGED) if len(states) == 1 else CHANGED
    booked = len(outcome.done) - ranks
    told = [plural(booked, *several)] * (booked > 0) + [f"{ranks} en liste d’attente"] * (ranks > 0)
    passed = f", {plural(closed, 'jour fermé ignoré', 'jours fermés ignorés')}" if closed else ""
    return f"{', '.join(told)}{passed}. {total}"


def _became(cell: Cell) -> str:
    if cell.shown.why == "offered":
        return "ajoutée" if cell.shown.ticked else "retirée, la place reste gardée"
    return cell_words.state(cell) if cell.shown.state == "waiting" else DONE.get(cell.shown.state, "retirée")


DONE = {
    "picked": "ajoutée",
    "cancel": "annulation en attente",
    "booked": "gardée",
    "sent": "demande gardée",
}
CHANGED = ("jour mis à jour", "jours mis à jour")
SEVERAL = {
    "picked": ("réservation ajoutée", "réservations ajoutées"),
    "free": ("réservation retirée", "réservations retirées"),
    "cancel": ("annulation ajoutée", "annulations ajoutées"),
}


def alarm(outcome: Outcome) -> str:
    """Why what was refused was refused; the first reason stands for several."""
    if not outcome.refused:
        return ""
    said, others = cell_words.refusal(outcome.refused[0], outcome.facts.now), len(outcome.refused) - 1
    return f"{said} {plural(others, 'autre jour refusé', 'autres jours refusés')}." if others else said


def lost(text: str | None) -> str:
    """After « Annuler »: what could not come back, by its number."""
    count = whole(text)
    if not count:
        return ""
    days = plural(count, "jour n’a pas pu être remis", "jours n’ont pas pu être remis")
    return f"{days}\u00a0: la limite est passée, ou c’est complet."
