"""The words of the planning: its heading, its cells, what a tick is answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from models import french
from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts
from models.planning.facts import Cell
from models.planning.grid import Band, Planning, Row, Week
from models.planning.ticks import Outcome
from models.rules.calendar import View, step
from models.rules.capacity import can_serve
from models.rules.cells import CellState
from models.rules.deadlines import is_open
from web.components.planning.place import VIEWS, Place, place_start
from web.http.forms import whole

__all__ = ["VIEWS"]

TABLES: dict[View, str] = {"mois": "month", "quinzaine": "fortnight", "semaine": "week"}
WHOLE: dict[View, str] = {
    "mois": "Tout le mois",
    "quinzaine": "Toute la quinzaine",
    "semaine": "Toute la semaine",
}
SOON_FULL = 5  # places
MORE_WEEKS = 4


def title(shown: Planning) -> str:
    who = shown.child.first_name if shown.child else shown.activity.name if shown.activity else ""
    return f"{who}\u00a0: {span(shown)}"


def neighbour(place: Place, n: int) -> str:
    """The name of the period before or after."""
    if place.view == "mois":
        return french.month_name(step("mois", place.start, n)).split()[0].capitalize()
    return "Précédente" if n < 0 else "Suivante"


def start(place: Place, day: date) -> date:
    """The period of a day, in this view."""
    return place_start(place.view, day)


def group(shown: Planning, activity: ActivityFacts) -> str:
    """The child's group, where there are several."""
    child = shown.child
    enrolment = shown.facts.household.enrolment(child.id, activity.id) if child else None
    if enrolment is None or len(activity.groups) < 2:
        return ""
    return next((group.name for group in activity.groups if group.id == enrolment.group), "")


def span(shown: Planning) -> str:
    if shown.view == "mois":
        return french.month_name(shown.first)
    days = [day for week in shown.weeks for day in week.days]
    return french.period(days[0], days[-1]) if days else french.period(shown.first, shown.last)


def closed(shown: Planning) -> str:
    """One line for a week in which nothing happens."""
    reasons = {
        cell.closed_by or "vacances scolaires"
        for row in shown.rows
        for cell in row.cells
        if cell.shown.state == "holiday"
    }
    why = reasons.pop() if len(reasons) == 1 else ""
    return f"{why[0].upper()}{why[1:]}, fermé" if why else "Fermé"


@dataclass(frozen=True, slots=True)
class Next:
    """The four weeks below what is shown."""

    first: date
    query: str


def next_weeks(catalogue: Catalogue, place: Place) -> Next | None:
    """None when the school year has ended, and in other views."""
    first = place.first + timedelta(days=7 * place.weeks)
    if place.view != "semaine" or first > max(
        (year.ends for year in catalogue.years.values()), default=first
    ):
        return None
    return Next(first, urlencode(place.moved(start=first, weeks=MORE_WEEKS).fields))


def name(cell: Cell, by: str) -> str:
    """How the cell's name begins: « ACM du Soir, lundi 3 septembre 2018 », after the child in the other axis."""
    said = f"{cell.slot_name}, {french.day_long(cell.day)}"
    return f"{cell.child.first_name}, {said}" if by == "activite" else said


def text(cell: Cell, by: str, now: datetime) -> str:
    """All that a cell says, as text: slot, day, state, price and its reason, deadline."""
    shown = cell.shown
    if shown.state in ("never", "closed", "holiday"):
        return f"{name(cell, by)}\u00a0: {state(cell)}"
    said = f"{name(cell, by)}, {state(cell)}."
    if late := too_late(cell, now):
        said += f" {late}"
    if shown.state != "other":
        said += f" {price(cell)} {_limit(cell, now)}"
    if cell.left is not None and 0 < cell.left < SOON_FULL and shown.state == "free":
        said += f" Reste {french.plural(cell.left, 'place')}."
    return said


def price(cell: Cell) -> str:
    """A rank costs nothing as long as no place is free."""
    said = f"{french.euros(cell.cents)}, {cell.reason}"
    if cell.shown.why == "queue" or (cell.shown.state == "waiting" and cell.shown.why != "offered"):
        return f"{french.euros(0)} tant qu’aucune place ne se libère, ensuite {said}."
    return f"{said}."


def _limit(cell: Cell, now: datetime) -> str:
    if cell.opens:
        return f"Réservations à partir du {french.moment(cell.opens)}."
    lead = "Modifiable jusqu’à" if is_open(now, cell.closes) else "La limite était"
    return f"{lead} {french.moment(cell.closes)}.{final(cell)}"


def final(cell: Cell) -> str:
    """Said before it is booked: the time to cancel it is over already."""
    return FINAL.get(cell.final, "")


FINAL = {
    "refused": " Une fois validée, elle ne pourra plus être annulée.",
    "allowed": " Une fois validée, elle resterait facturée même annulée.",
}


def state(cell: Cell) -> str:
    shown = cell.shown
    if shown.state == "holiday":
        return f"{cell.closed_by or 'vacances scolaires'}, fermé"
    if shown.state == "closed":
        return f"fermé ({cell.closed_by})" if cell.closed_by else "fermé"
    if shown.state == "waiting":
        if shown.why == "offered" and cell.offered_until:
            return f"une place s’est libérée, gardée jusqu’à {french.moment(cell.offered_until)}"
        told = f"liste d’attente, rang {cell.rank}"
        return f"{told}, sélection non validée" if is_drafted_rank(shown) else told
    if shown.state == "free" and shown.why == "queue":
        return f"complet\u00a0: liste d’attente, rang {cell.rank}"
    if shown.state == "refused":
        return f"refusée par la mairie\u00a0: {cell.note}" if cell.note else "refusée"
    said = STATES[shown.state]
    if shown.state == "booked" and shown.locked:
        said += ", non modifiable"
    if shown.state == "cancel" and shown.why == "late":
        return "annulation trop tardive\u00a0: la réservation reste"
    return f"{said}, {WHYS[shown.why]}" if shown.why in WHYS and shown.state != "booked" else said


def is_drafted_rank(shown: CellState) -> bool:
    """A tick on a full day, not validated yet."""
    return shown.state == "waiting" and shown.why == "queue"


def too_late(cell: Cell, now: datetime) -> str:
    """Why a place that is freed now goes to nobody."""
    if cell.shown.state != "waiting" or cell.shown.why == "offered":
        return ""
    if can_serve(now, cell.book_closes, prepaid=cell.prepaid):
        return ""
    if is_open(now, cell.book_closes):
        return "Trop tard pour vous proposer une place\u00a0: la limite est trop proche pour la régler."
    return "Trop tard pour vous donner une place\u00a0: la limite est passée."


STATES = {
    "never": "jour non ouvert",
    "past": "non réservée",
    "free": "libre",
    "picked": "sélection non validée",
    "sent": "demande envoyée",
    "booked": "réservée",
    "cancel": "annulation en attente",
    "cancelsent": "annulation envoyée",
    "other": "réservée par l’autre foyer",
}
WHYS = {
    "late": "délai passé",
    "late_billed": "hors délai\u00a0: elle reste facturée",
    "full": "complet",
    "to_ask": "la mairie doit l’accepter",
    "membership": "adhésion à payer d’abord",
    "not_yet": "pas encore ouverte à la réservation",
    "paying": "en cours de paiement",
}


def lead(week: Week) -> str:
    """What stands before the limit of a week: whose it is, where the activities differ."""
    return f"{', '.join(week.whose)}\u00a0: jusqu’à" if week.whose else "Modifiable jusqu’à"


def opening(band: Band) -> datetime | None:
    """When booking begins in an activity, as long as it has not."""
    return next((cell.opens for row in band.rows for cell in row.cells if cell.opens), None)


def refusal(cell: Cell, now: datetime) -> str:
    """Why a tick was refused, with the next step."""
    when, why = french.day_without_year(cell.day), cell.shown.why
    if cell.shown.state in ("closed", "holiday", "never"):
        return f"{cell.slot_name}, {when}\u00a0: jour non ouvert."
    if why == "paying":
        return f"{cell.slot_name}, {when}\u00a0: cette réservation est en cours de paiement."
    if why == "membership":
        return f"{cell.slot_name}\u00a0: l’adhésion doit être payée avant de réserver."
    if why == "full":
        return f"{cell.slot_name}, {when}\u00a0: complet."
    if why == "asked":
        return (
            f"{cell.slot_name}, {when}\u00a0: la mairie n’a pas encore répondu à votre demande d’annulation."
        )
    if why == "not_yet":
        opens = f", elles ouvrent {french.moment_long(cell.opens)}" if cell.opens else ""
        return f"{cell.slot_name}\u00a0: les réservations ne sont pas encore ouvertes{opens}."
    if cell.shown.state == "other":
        return f"{cell.slot_name}, {when}\u00a0: ce jour est réservé par l’autre foyer."
    if not is_open(now, cell.closes):
        kept = " La réservation reste facturée." if cell.shown.ticked else ""
        return f"Trop tard pour {when}\u00a0: la limite était {french.moment_long(cell.closes)}.{kept}"
    return f"{cell.slot_name}, {when}\u00a0: ce changement n’est pas possible."


def reddened(outcome: Outcome) -> frozenset[str]:
    """A late untick where the mairie answers: refused in red, though the day stays booked."""
    refused = (cell for cell in outcome.refused if cell.shown.state == "booked" and cell.shown.operable)
    return frozenset(cell.key for cell in refused)


def announcement(outcome: Outcome, shown: Planning, closed: int = 0) -> str:
    """What the tick did, for the screen reader; `closed` days were passed over."""
    if not outcome.done:
        return ""
    total = f"Total {french.euros(shown.draft.cents)}."
    if len(outcome.done) == 1:
        cell = outcome.done[0]
        if cell.shown.why == "offered":
            what = "ajoutée" if cell.shown.ticked else "retirée, la place reste gardée"
        else:
            what = state(cell) if cell.shown.state == "waiting" else DONE.get(cell.shown.state, "retirée")
        return f"{cell.slot_name}, {french.day_without_year(cell.day)}\u00a0: {what}. {total}"
    ranks = len([cell for cell in outcome.done if is_drafted_rank(cell.shown)])
    states = {cell.shown.state for cell in outcome.done if not is_drafted_rank(cell.shown)}
    several = SEVERAL.get(states.pop(), CHANGED) if len(states) == 1 else CHANGED
    booked = len(outcome.done) - ranks
    told = [french.plural(booked, *several)] * (booked > 0) + [f"{ranks} en liste d’attente"] * (ranks > 0)
    passed = f", {french.plural(closed, 'jour fermé ignoré', 'jours fermés ignorés')}" if closed else ""
    return f"{', '.join(told)}{passed}. {total}"


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
    said, others = refusal(outcome.refused[0], outcome.facts.now), len(outcome.refused) - 1
    return f"{said} {french.plural(others, 'autre jour refusé', 'autres jours refusés')}." if others else said


def boxes(periods: list[Planning]) -> list[Cell]:
    """The cells that a form without JavaScript answers for."""
    return [cell for shown in periods for row in shown.rows for cell in row.cells if cell.shown.operable]


def next_child(shown: Planning) -> ChildFacts | None:
    """Whose turn it is after « Valider »: of those who have an activity."""
    household, catalogue = shown.facts.household, shown.facts.catalogue
    children = [
        child for child in household.children if child is shown.child or household.rows(catalogue, child.id)
    ]
    if shown.child is None or len(children) < 2:
        return None
    return children[(children.index(shown.child) + 1) % len(children)]


def unpaid(shown: Planning) -> list[tuple[ActivityFacts, list[str]]]:
    """The memberships to pay first, with the children they are missing for."""
    household, catalogue = shown.facts.household, shown.facts.catalogue
    found = []
    for activity in [shown.activity] if shown.activity else shown.activities:
        missing = [
            child.first_name
            for child in ([shown.child] if shown.child else household.children)
            if activity in household.rows(catalogue, child.id) and household.is_asked(child.id, activity)
        ]
        if missing:
            found.append((activity, missing))
    return found


def declined(shown: Planning) -> list[str]:
    """What the parents do not want for this child this year."""
    household, activities = shown.facts.household, shown.facts.catalogue.activities
    mine = [activity for child, activity in household.declined if shown.child and child == shown.child.id]
    return [one.name for id, one in activities.items() if id in mine]


def slot_icon(activity: ActivityFacts, starts: int) -> str:
    if activity.kind == "meal":
        return "meal"
    if activity.kind in ("leisure", "adult"):
        return "kite"
    return "sunrise" if starts < 12 * 60 else "moon"


def row_title(row: Row, by: str) -> str:
    return row.child.first_name if by == "activite" else row.slot.name


def mark(shown: CellState) -> str:
    return MARKS.get(shown.state, "m-waiting" if shown.state == "free" and shown.why == "queue" else "")


MARKS = {
    "picked": "m-picked",
    "sent": "m-sent",
    "booked": "m-booked",
    "waiting": "m-waiting",
    "cancel": "m-cancel",
    "cancelsent": "m-cancel",
    "refused": "m-refused",
    "other": "m-booked",
    "closed": "m-closed",
}
LEGEND = {  # what each mark says; the style sheet shows those that the page has
    "free": "Libre",
    "picked": "Sélection",
    "sent": "Demande envoyée",
    "booked": "Réservée",
    "locked": "Non modifiable",
    "waiting": "Liste d’attente",
    "cancel": "Annulation en attente",
    "cancelsent": "Annulation envoyée",
    "refused": "Refusée",
    "other": "Autre foyer",
    "closed": "Fermé",
    "holiday": "Vacances",
    "past": "Délai passé",
    "never": "Jour non ouvert",
}


def lost(text: str | None) -> str:
    """After « Annuler »: what could not come back, by its number."""
    count = whole(text)
    if not count:
        return ""
    days = french.plural(count, "jour n’a pas pu être remis", "jours n’ont pas pu être remis")
    return f"{days}\u00a0: la limite est passée, ou c’est complet."
