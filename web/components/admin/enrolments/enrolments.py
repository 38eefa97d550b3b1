"""« Inscriptions »: who is in which activity, who waits for a place in one, and who was."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from models.family_file import enrolment_list
from models.family_file.enrolment_list import Enrolled, Waits
from models.french import plural
from models.storage.paging import Cut, Page
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Choice, OneOf
from web.components.admin.kit.table import Column, Filter, Table, View
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.page.menu import Count, Entry
from web.page.templates import render

PLACE = "/mairie/inscriptions"
ACTIVITY = "activite"
ENROLLED, WAITING, OVER = "", "attente", "terminees"
STATES = Filter(
    "etat",
    "État",
    (Choice(ENROLLED, "Inscrits"), Choice(WAITING, "En attente"), Choice(OVER, "Terminées")),
    narrows=False,
)
COLUMNS = (
    Column("enfant", "Personne", "child"),
    Column("dossier", "Dossier"),
    Column("activite", "Activité", "activity"),
    Column("depuis", "Depuis", "since"),
    Column("etat", "Jusqu’au"),
)
RANKED = (*COLUMNS[:4], Column("rang", "Rang"))


async def waiting(now: datetime) -> Count:
    """Who waits for a place in an activity."""
    return Count(await enrolment_list.number_waiting())


menu = Entry(
    PLACE,
    "Inscriptions",
    "list",
    roles=("manager",),
    order=26,
    about="Qui est inscrit à quoi, et qui attend une place pour l’année",
    count=waiting,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    today, said = request.now.date(), request.query_params
    asked = await _read(said, request.now)
    if said.get("export") == "csv":
        return _file(await _found(asked, asked.whole, request.now), asked, request.now)
    counted = await enrolment_list.counts(today, _activity(asked))
    known = {
        "asked": asked,
        "found": await _found(asked, asked.cut, request.now),
        "waits": asked.chosen["etat"] == WAITING,
        "counts": dict(zip((ENROLLED, WAITING, OVER), counted, strict=True)),
        "lead": f"{plural(counted[0], 'inscription')}, {plural(counted[1], 'attente')}.",
    }
    return render(request, "admin/enrolments/page.html", known)


async def _read(said: Mapping[str, str], now: datetime) -> View:
    known = [Choice(str(id), name) for id, name in await enrolment_list.activities(now.date())]
    asks = OneOf(ACTIVITY, "Activité", choices=(Choice("", "Toutes les activités"), *known))
    columns = RANKED if said.get("etat") == WAITING else COLUMNS
    sort = "activite" if said.get("etat") == WAITING else "enfant"
    return Table(PLACE, columns, sort, (STATES,), "Personne, dossier ou activité", (asks,)).read(said)


def _activity(asked: View) -> int | None:
    return whole(asked.filled.values.get(ACTIVITY))


async def _found(asked: View, cut: Cut, now: datetime) -> Page[Enrolled] | Page[Waits]:
    activity, state = _activity(asked), asked.chosen["etat"]
    if state == WAITING:
        return await enrolment_list.waiting(cut, activity=activity, search=asked.search)
    return await enrolment_list.enrolled(
        cut, now.date(), over=state == OVER, activity=activity, search=asked.search
    )


def _file(found: Page[Enrolled] | Page[Waits], asked: View, now: datetime) -> Response:
    last = "Rang" if asked.chosen["etat"] == WAITING else "Jusqu’au"
    heads = ("Nom", "Prénom", "Dossier", "Activité", "Groupe", "Depuis", last)
    lines = [
        [
            line.last_name,
            line.first_name,
            line.family,
            line.activity,
            line.group,
            line.since if isinstance(line, Waits) else line.start,
            line.rank if isinstance(line, Waits) else line.end,
        ]
        for line in found.rows
    ]
    return csv_file(f"inscriptions_{now:%Y-%m-%d}", heads, lines)


routes = [Route(PLACE, show)]
