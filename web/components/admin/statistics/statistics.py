"""« Statistiques »: hours for the CAF, meals at 1 € for the ASP, of a period: on the screen and as files."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from models.exports.spreadsheets import chunks, one_sheet
from models.french import day_numeric
from models.french.spreadsheets import plain
from models.statistics import care, meals
from models.statistics.table import Figures, Period, four_months
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import Day, Filled, fill, in_order
from web.http.auth import StaffRequest, staff
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/statistiques"
FIRST = Day("debut", "Du", missing="Indiquez le premier jour.")
LAST = Day("fin", "Au", missing="Indiquez le dernier jour.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300  # lines of a table on the screen; a file has all of them
Count = Callable[[Period], Awaitable[Figures]]
CAF: Mapping[str, Count] = {"enfants-caf": care.children, "heures-caf": care.hours}
MEALS: Mapping[str, Count] = {"familles-cantine": meals.families, "repas-a-1-euro": meals.meals}

menu = Entry(
    PLACE,
    "Statistiques",
    "chart",
    roles=("manager", "cashier"),
    order=61,
    about="Heures pour la Caf, repas à 1\u00a0€",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    filled, period = _period(request)
    parts = [
        ("Déclaration à la Caf", [await count(period) for count in CAF.values()]),
        ("Cantine à 1\u00a0€", [await count(period) for count in MEALS.values()]),
    ]
    known = {
        "parts": parts if not filled.errors else [],
        "fields": (FIRST, LAST),
        "filled": filled,
        "query": f"debut={period.first}&fin={period.last}",
        "terms": [(f"{day_numeric(one.first)} – {day_numeric(one.last)}", one) for one in _terms(request)],
        "plain": plain,
        "most": SHOWN,
    }
    return render(request, "admin/statistics/page.html", known, 422 if filled.errors else 200)


@staff(*menu.roles)
async def table(request: StaffRequest) -> Response:
    """One of the tables as a file; the address says which, how, and of when."""
    count = {**CAF, **MEALS}.get(request.path_params["tableau"])
    filled, period = _period(request)
    if count is None or filled.errors:
        raise HTTPException(404)
    found = await count(period)
    name = f"{found.name}_{period.first}_{period.last}"
    if request.path_params["format"] == "csv":
        return csv_file(name, found.heads, found.lines)
    if request.path_params["format"] != "xlsx":
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    file = await one_sheet(found.title, found.heads, found.lines)
    return StreamingResponse(chunks(file), media_type=XLSX, headers=headers)


def _terms(request: StaffRequest) -> list[Period]:
    return four_months(request.now.date())


def _period(request: StaffRequest) -> tuple[Filled, Period]:
    """The four months of today, until somebody says otherwise."""
    usual = _terms(request)[0]
    said = {FIRST.name: str(usual.first), LAST.name: str(usual.last)} | dict(request.query_params)
    filled = in_order(fill([FIRST, LAST], said), FIRST, LAST)
    if filled.errors:
        return filled, usual
    return filled, Period(filled.values[FIRST.name], filled.values[LAST.name])


routes = [Route(PLACE, show), Route("/mairie/statistiques/{tableau}/{format}", table)]
