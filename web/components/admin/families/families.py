"""« Familles »: find a family by whatever it says at the counter, and all that is known of it."""

from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from models.commune.school import School
from models.family_file import family_list
from models.family_file.family_list import FamilyRow
from models.storage.paging import Cut, Page
from web.components.admin.families import (
    children,
    file,
    health,
    late_day,
    new,
    papers,
    people,
    pupils,
    rooms,
    stops,
    viewing,
)
from web.components.admin.families.place import PLACE, READERS, may_edit
from web.components.admin.kit.csv_file import Cell, csv_file, decimal
from web.components.admin.kit.form import Choice, OneOf
from web.components.admin.kit.table import Column, Filter, Table, View
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.page.menu import FEW, Entry, Found
from web.page.templates import render

STATES = Filter(
    "etat",
    "État",
    (
        Choice("", "Toutes"),
        Choice("a-payer", "À payer"),
        Choice("avoir", "Avoir"),
        Choice("a-activer", "Compte à activer"),
        Choice("sans-quotient", "Sans quotient"),
    ),
)
STATE_OF = {"": "", "a-payer": "owes", "avoir": "credit", "a-activer": "inactive", "sans-quotient": "unknown"}
COLUMNS = (
    Column("nom", "Responsables", "name"),
    Column("dossier", "Dossier", "number"),
    Column("enfants", "Enfants"),
    Column("quotient", "Quotient", figures=True),
    Column("solde", "Solde", figures=True),
    Column("compte", "Compte"),
)


async def find(words: str, now: datetime) -> list[Found]:
    found = await family_list.page(Cut("name", size=FEW), now.date(), search=words)
    return [Found(f"{PLACE}/{row.id}", row.name, _detail(row)) for row in found.rows]


menu = Entry(
    PLACE,
    "Familles",
    "people",
    roles=READERS,
    order=43,
    shows=("contact", "birth", "quotient", "money", "journal"),
    about="Chaque dossier\u00a0: responsables, enfants, quotient, compte",
    find=find,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    asked = await _read(request)
    if request.query_params.get("export") == "csv":
        return _file((await _found(asked, asked.whole, request.now)).rows, request.now)
    known = {
        "asked": asked,
        "found": await _found(asked, asked.cut, request.now),
        "states": STATES,
        "editing": may_edit(request),
    }
    return render(request, "admin/families/list.html", known)


async def _read(request: StaffRequest) -> View:
    schools = [Choice(str(one.id), one.name) for one in await School.all().order_by("position", "id")]
    ask = OneOf("ecole", "École", choices=(Choice("", "Toutes les écoles"), *schools))
    asks = (ask,) if len(schools) > 1 else ()
    table = Table(PLACE, COLUMNS, "nom", (STATES,), "Nom, dossier ou téléphone", asks)
    return table.read(request.query_params)


async def _found(asked: View, cut: Cut, now: datetime) -> Page[FamilyRow]:
    state, school = STATE_OF[asked.chosen["etat"]], whole(asked.filled.values.get("ecole"))
    return await family_list.page(cut, now.date(), state=state, school=school, search=asked.search)


def _detail(row: FamilyRow) -> str:
    return ", ".join([f"dossier {row.number}", *row.children])


def _file(lines: list[FamilyRow], now: datetime) -> Response:
    heads = (
        "Dossier", "Responsables", "Courriels", "Téléphones", "Enfants", "Quotient", "À payer", "Avoir", "Compte",
    )  # fmt: skip
    return csv_file(f"familles_{now:%Y-%m-%d}", heads, [_cells(line) for line in lines])


def _cells(line: FamilyRow) -> list[Cell]:
    return [
        line.number,
        line.name,
        ", ".join(person.email for person in line.guardians),
        ", ".join(person.phone for person in line.guardians if person.phone),
        ", ".join(line.children),
        line.quotient,
        decimal(line.owed),
        decimal(line.credit),
        "actif" if line.active else "à activer",
    ]


routes = [
    Route(PLACE, show),
    *new.routes,
    *pupils.routes,
    *file.routes,
    *people.routes,
    *children.routes,
    *health.routes,
    *papers.routes,
    *late_day.routes,
    *stops.routes,
    *viewing.routes,
    *rooms.routes,
]
