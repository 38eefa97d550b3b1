"""A cell that is looked at: state, price and why, until when, who changed it last, what can be done about it."""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from models.activities.catalogue import Catalogue
from models.activities.facts import ActivityFacts
from models.checkout import absences
from models.families.household import ChildFacts, Household
from models.french import beginning_long, moment_long, time_left
from models.planning import cell_words, last_change
from models.planning.cell import Cell
from models.planning.facts import PlanningFacts
from models.planning.last_change import LastChange
from models.publishing.meal_menu import lunches
from models.rules.booking import WaitingState
from models.rules.deadlines import is_open
from web.http.auth import ParentRequest, parent
from web.page.templates import fragment

LONGEST_KEY = 40


@parent
async def show(request: ParentRequest) -> Response:
    """`case=<child>-<slot>-<date>`: a part of the planning, asked for when somebody looks at the cell."""
    asked, now = request.query_params, request.now
    catalogue = await request.catalogue()
    household = await Household.of(catalogue, request.user.family)
    child, slot, day, activity = _named(catalogue, household, asked.get("case", ""))
    facts = await PlanningFacts.read(catalogue, household, now, [child.id], [slot], day, day)
    cell, booked = facts.cell(child, slot, day), facts.booked.get((child.id, slot, day))
    last = await last_change.last(household.family, child.id, slot, day)
    context = {
        "cell": cell,
        "name": cell_words.name(cell, asked.get("par", "")),
        "cell_words": cell_words,
        "price": price(cell),
        "few": cell_words.has_few_left(cell),
        "due": due(cell, now),
        "urgent": urgent(cell, now),
        "too_late": cell_words.too_late(cell, now),
        "offer": booked.id if booked and cell.shown.why == "offered" else None,
        "way_in": way_in(asked, cell),
        "changed": changed(cell, last) if (child.id, slot, day) not in facts.late else "",
        "served": await lunches(day) if activity.kind == "meal" else [],
        "tellable": any(one.outcome for one in await absences.of_sheet(facts)),
    }
    return HTMLResponse(fragment(request, "planning_cell/popover.html", context))


def _named(
    catalogue: Catalogue, household: Household, key: str
) -> tuple[ChildFacts, int, date, ActivityFacts]:
    """A cell of the family's own planning. Raises HTTPException 404."""
    try:
        one, other, text = key[:LONGEST_KEY].split("-", 2)
        child, slot, day = household.child(int(one)), int(other), date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None
    rows = household.rows(catalogue, child.id) if child else []
    activity = next((a for a in rows if any(slot == s.id for s in a.slots)), None)
    if child is None or activity is None or not activity.timetable.opens <= day <= activity.timetable.closes:
        raise HTTPException(404)
    return child, slot, day, activity


def way_in(asked: Mapping[str, str], cell: Cell) -> str:
    """Where a day that is free can be ticked, when the page is only read."""
    if asked.get("modifier") == "1" or cell.shown.state != "free" or not cell.shown.operable:
        return ""
    place = {name: value for name, value in asked.items() if name != "case"} | {"modifier": "1"}
    return f"/planning?{urlencode(place)}#op-{cell.key}"


NOTHING_TO_SAY = ("never", "closed", "holiday", "other")


def price(cell: Cell) -> str:
    return "" if cell.shown.state in NOTHING_TO_SAY else cell_words.price(cell)


def due(cell: Cell, now: datetime) -> str:
    if cell.shown.state in NOTHING_TO_SAY:
        return ""
    if cell.opens:
        return f"Réservations à partir du {beginning_long(cell.opens)}."
    if cell.dearer:
        return f"{cell_words.dearer(cell.dearer, cell.closes)}{cell_words.final(cell)}"
    if cell.shown.why == "never":
        return cell_words.NEVER
    if is_open(now, cell.closes):
        left = _left(now, cell.closes)
        return f"Modifiable jusqu’à {moment_long(cell.closes)} ({left}).{cell_words.final(cell)}"
    return f"Clos depuis {moment_long(cell.closes)}."


def _left(now: datetime, closes: datetime) -> str:
    left = time_left(now, closes)
    return left[0].lower() + left[1:]


def urgent(cell: Cell, now: datetime) -> bool:
    """The limit is over and the day is still to come: the mairie's telephone helps."""
    return (
        cell.opens is None
        and cell.day >= now.date()
        and cell.shown.state not in NOTHING_TO_SAY
        and not is_open(now, cell.closes)
    )


def changed(cell: Cell, last: LastChange | None) -> str:
    """« Ajoutée par Camille Durand, samedi 21 novembre à 10:15 »."""
    if last is None or cell.shown.state in NOTHING_TO_SAY:
        return ""
    what = last.what
    if what == "draft_add" and cell_words.is_drafted_rank(cell.shown):
        what = "draft_rank"
    if what == "cancel" and cell.shown.state in ("cancel", "cancelsent"):
        what = "cancel_asked"
    by = f" par {last.by}" if last.by else ""
    return f"{CHANGES[what]}{by}, {moment_long(last.at)}"


CHANGES: dict[str, str] = {
    "draft_add": "Ajoutée",
    "draft_rank": "Liste d’attente demandée",
    "draft_cancel": "Annulation ajoutée",
    "booked": "Réservée",
    "asked": "Demandée",
    "ranked": "Mise en liste d’attente",
    WaitingState.SERVED: "Place attribuée depuis la liste d’attente",
    WaitingState.OFFERED: "Place proposée",
    WaitingState.LEFT: "Place laissée",
    WaitingState.LAPSED: "Place proposée, laissée sans réponse",
    "cancel": "Annulée",
    "cancel_asked": "Annulation demandée",
    "booking_accepted": "Acceptée par la mairie",
    "booking_owed": "Acceptée par la mairie, à régler à la prochaine réservation",
    "booking_refused": "Refusée par la mairie",
    "cancellation_accepted": "Annulation acceptée par la mairie",
    "cancellation_refused": "Annulation refusée par la mairie",
    "absence": "Absence signalée",
}

routes = [Route("/planning/case", show)]
