"""« Journal »: who did what, when, to whom; nobody can take a line away."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from models.access.staff import member_list
from models.french import journal
from models.french.journal.events import GROUPS
from models.rules.roles import ADMINISTRATOR
from models.work import journal_list
from models.work.journal_list import Asked, EventLine
from web.components.admin.kit.csv_file import Cell, csv_file
from web.components.admin.kit.form import Choice, Day, OneOf
from web.components.admin.kit.table import Column, Filter, Table, View
from web.http.auth import StaffRequest, staff
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/journal"
KINDS = Filter(
    "objet",
    "Objet",
    (Choice("", "Tout"), *(Choice(key, label) for key, (label, _) in GROUPS.items())),
)
FIRST, LAST = Day("du", "Du"), Day("au", "Au")
COLUMNS = (Column("quand", "Quand", "last"), Column("quoi", "Qui a fait quoi"), Column("dossier", "Dossier"))
SOMEBODY = (
    Choice("", "Tout le monde"),
    Choice("member", "Les agents"),
    Choice("guardian", "Les familles"),
    Choice("machine", "Le portail et la banque"),
)

menu = Entry(
    PLACE,
    "Journal",
    "list",
    roles=(ADMINISTRATOR,),
    order=92,
    about="Qui a fait quoi, et quand",
    shows=("journal", "contact", "money", "days"),
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    view = await _read(request.query_params)
    if request.query_params.get("export") == "csv":
        lines = (await journal_list.page(view.whole, _asked(view))).rows
        heads = ("Quand", "Qui", "Phrase", "Dossier", "Avant", "Après")
        return csv_file(f"journal_{request.now:%Y-%m-%d}", heads, [_cells(line) for line in lines])
    known: dict[str, Any] = {
        "view": view,
        "found": await journal_list.page(view.cut, _asked(view)),
        "kinds": KINDS,
        "said": said,
        "rewritten": lambda line: journal.rewritten(line.details),
    }
    return render(request, "admin/journal/page.html", known)


async def _read(said: Mapping[str, str]) -> View:
    agents = [Choice(f"member:{line.id}", line.name) for line in await member_list.members()]
    who = OneOf("qui", "Qui", choices=(*SOMEBODY, *agents))
    search = "Dossier ou nom de famille"
    return Table(PLACE, COLUMNS, "-quand", (KINDS,), search, (who, FIRST, LAST)).read(said)


def _asked(view: View) -> Asked:
    _, nouns = GROUPS.get(view.chosen["objet"], ("", ()))
    return Asked(
        who=str(view.filled.values.get("qui", "")),
        nouns=nouns,
        search=view.search,
        first=view.filled.of(FIRST),
        last=view.filled.of(LAST),
    )


def said(line: EventLine) -> str:
    return journal.sentence(line.who, line.action, line.about, line.details) + journal.emptied(
        line.emptied_at
    )


def _cells(line: EventLine) -> list[Cell]:
    changes = journal.rewritten(line.details)
    before = "; ".join(f"{label}\u00a0: {old}" for label, old, _ in changes)
    after = "; ".join(f"{label}\u00a0: {new}" for label, _, new in changes)
    return [line.at, journal.who(line.who), said(line), line.family, before, after]


routes = [Route(PLACE, show)]
