"""The words of the planning: its heading, its rows, what stands around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from models import french
from models.activities.catalogue import ActivityFacts, Catalogue
from models.families.household import ChildFacts
from models.planning.cell import Cell
from models.planning.grid import Band, Planning, Row, Week
from models.rules.calendar import View, step
from models.rules.deadlines import utc
from models.rules.families.enrolling import is_adult
from web.components.planning.place import VIEWS, WEEKS, Place, place_start
from web.page.cell_marks import MARKS

__all__ = ["MARKS", "VIEWS", "WEEKS"]

TABLES: dict[View, str] = {"mois": "month", "quinzaine": "fortnight", "semaine": "week"}
WHOLE: dict[View, str] = {
    "mois": "Tout le mois",
    "quinzaine": "Toute la quinzaine",
    "semaine": "Toute la semaine",
}
MORE_WEEKS = 4
OWN_COLUMNS = {2, 5}  # Wednesday, Saturday


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


def lead(week: Week) -> str:
    """What stands before the limit of a week: whose it is, where the activities differ."""
    return f"{', '.join(week.whose)}\u00a0: jusqu’à" if week.whose else "Modifiable jusqu’à"


def opening(band: Band) -> tuple[str, datetime] | None:
    """When booking begins in an activity, as long as it has not; of some of its days where others are free already."""
    shown = [cell for row in band.rows for cell in row.cells]
    opens = min((cell.opens for cell in shown if cell.opens), key=utc, default=None)
    if opens is None:
        return None
    is_begun = any(cell.shown.state == "free" for cell in shown)
    return ("Certains jours se réservent" if is_begun else "Réservations"), opens


def columns_of_their_own(shown: Planning) -> dict[int, int]:
    """What takes place on one day alone, where nothing else does: a narrow screen draws it in that day's column.

    Which column, by the activity's id: of Wednesday or of Saturday, which no name of a row covers there.
    """
    days = [day.weekday() for week in shown.weeks for day in week.days]
    if shown.activity or days not in (list(range(5)), list(range(6))):
        return {}
    weekdays = {band.activity.id: band.activity.timetable.weekdays for band in shown.bands}
    found = {}
    for band in shown.bands:
        mine = weekdays[band.activity.id]
        shared = any(mine & other for id, other in weekdays.items() if id != band.activity.id)
        if len(mine) == 1 and not shared and mine <= OWN_COLUMNS:
            found[band.activity.id] = days.index(min(mine)) + 1
    rows = {band.activity.id: len(band.rows) for band in shown.bands}
    beside = sum(count for id, count in rows.items() if id not in found)
    return {id: column for id, column in found.items() if rows[id] <= beside}


def last(bands: Sequence[Band], own: Mapping[int, int]) -> list[Band]:
    """Those that have a column of their own come after the others."""
    return sorted(bands, key=lambda band: band.activity.id in own)


def beginning(shown: Planning, band: Band) -> date | None:
    """The first day of an activity that has not begun, when it lies in what is shown or after."""
    opens = band.activity.timetable.opens
    return opens if opens > shown.facts.now.date() and opens >= shown.first else None


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


def is_grown(child: ChildFacts, today: date) -> bool:
    """An adult, who is nobody's « enfant »."""
    return is_adult(child.born, today) and not any(child.levels.values())


def sorts(shown: Planning, today: date) -> list[tuple[str, ChildFacts, bool]]:
    """« Périscolaire » and « Adultes », where a family has both: the first person of each, and whether it is shown."""
    found = []
    for label, grown in (("Périscolaire", False), ("Adultes", True)):
        people = [one for one in shown.facts.household.children if is_grown(one, today) == grown]
        if not people:
            return []
        found.append((label, people[0], shown.child in people))
    return found


def axes(shown: Planning, today: date) -> tuple[str, str]:
    """What the two ways to draw the table are called, for this family."""
    people = shown.facts.household.children
    one = is_grown(shown.child, today) if shown.child else all(is_grown(other, today) for other in people)
    some = any(is_grown(other, today) for other in people)
    return (
        "Toutes ses activités" if one else "Mon enfant et toutes ses activités",
        "Une activité et ma famille" if some else "Une activité et mes enfants",
    )


def slot_icon(activity: ActivityFacts, starts: int) -> str:
    if activity.kind == "meal":
        return "meal"
    if activity.kind in ("leisure", "adult"):
        return "kite"
    return "sunrise" if starts < 12 * 60 else "moon"


def row_title(row: Row, by: str) -> str:
    return row.child.first_name if by == "activite" else row.slot.name


def split_title(row: Row, by: str) -> tuple[str, str]:
    """« Mercredi, » and « journée avec repas »: under the day's own head the first is said already."""
    title = row_title(row, by)
    said = next((day for day in DAYS_NAMED if title.startswith(day)), "")
    rest = title.removeprefix(said)
    return (said, rest) if rest.strip(" ,") else ("", title)


DAYS_NAMED = ("Mercredi, ", "Mercredi ", "Samedi, ", "Samedi ")

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
