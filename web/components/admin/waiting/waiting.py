"""« Liste d’attente »: who waits for which day, in which order."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from models.bookings import waiting_lines
from models.bookings.waiting_lines import WaitingLine
from models.french import day_without_year, moment, plural
from models.rules.booking import WaitingState
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import Choice, OneOf
from web.components.admin.kit.table import Column, Filter, Table, View, grouped
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.page.menu import FEW, Count, Entry, Found
from web.page.templates import render

PLACE = "/mairie/liste-attente"
ACTIVITY = "activite"
STATES = Filter(
    "etat",
    "État",
    (Choice("", "Tous"), Choice("attente", "En attente"), Choice("proposee", "Place proposée")),
)
STATE_OF = {"": None, "attente": WaitingState.WAITING, "proposee": WaitingState.OFFERED}
COLUMNS = (
    Column("jour", "Rang", "day"),
    Column("enfant", "Enfant", "child"),
    Column("dossier", "Dossier"),
    Column("depuis", "Depuis", "since"),
    Column("etat", "État"),
)


async def places(now: datetime) -> Count:
    """Children who wait for a day to come."""
    counts = await waiting_lines.counts(now)
    offered = counts.offered
    said = f"dont {plural(offered, 'place proposée', 'places proposées')}" if offered else ""
    return Count(counts.all, said)


async def find(words: str, now: datetime) -> list[Found]:
    found = await waiting_lines.page(now, Cut("day", size=FEW), search=words)
    said = urlencode({"recherche": words})
    return [
        Found(f"{PLACE}?{said}", line.child, f"{line.slot}, {day_without_year(line.day)}")
        for line in found.rows
    ]


menu = Entry(
    PLACE,
    "Liste d’attente",
    "clock",
    roles=("manager",),
    order=30,
    shows=("days",),
    about="Qui attend une place, et son rang",
    count=places,
    find=find,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    now = request.now
    asked = await _read(request.query_params, now)
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole, now)).rows, now)
    counts, found = await waiting_lines.counts(now), await _found(asked, asked.cut, now)
    by_day = asked.sort.key == "jour"
    known = {
        "asked": asked,
        "found": found,
        "groups": grouped(found.rows, lambda line: line.opening if by_day else None),
        "counts": counts,
        "of_state": {"": counts.all, "attente": counts.waiting, "proposee": counts.offered},
        "by_day": by_day,
        "state_of": state_of,
    }
    return render(request, "admin/waiting/page.html", known)


async def _read(said: Mapping[str, str], now: datetime) -> View:
    awaited = [Choice(str(id), name) for id, name in await waiting_lines.activities(now)]
    activities = OneOf(ACTIVITY, "Activité", choices=(Choice("", "Toutes les activités"), *awaited))
    asks = (activities,) if len(awaited) > 1 else ()
    return Table(PLACE, COLUMNS, "jour", (STATES,), "Enfant, dossier ou créneau", asks).read(said)


async def _found(asked: View, cut: Cut, now: datetime) -> Page[WaitingLine]:
    state, activity = STATE_OF[asked.chosen["etat"]], whole(asked.filled.values.get(ACTIVITY))
    return await waiting_lines.page(now, cut, state=state, activity=activity, search=asked.search)


def state_of(line: WaitingLine) -> str:
    if line.offered_until:
        return f"place proposée jusqu’à {moment(line.offered_until)}"
    if line.late:
        given = "proposer" if line.prepaid else "donner"
        return f"en attente, trop tard pour {given} une place (limite {moment(line.late)})"
    return "en attente"


def _file(lines: list[WaitingLine], now: datetime) -> Response:
    heads = (
        "Jour", "Activité", "Créneau", "Groupe", "Places", "Prises", "Rang", "Nom", "Prénom", "Dossier", "Depuis",
        "État",
    )  # fmt: skip
    return csv_file(f"liste-attente_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: WaitingLine) -> list[Cell]:
    return [
        line.day,
        line.activity,
        line.slot,
        line.group,
        line.places,
        line.taken,
        line.rank,
        line.last_name,
        line.first_name,
        line.family,
        line.since,
        state_of(line),
    ]


routes = [Route(PLACE, show)]
