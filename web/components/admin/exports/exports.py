"""« Exports »: the takings, the invoices and their lines, as files for a spreadsheet."""

from dataclasses import replace

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from models.commune.till import Till
from models.exports.lists import LISTS, Asked, ExportList
from models.exports.spreadsheets import TooManyRows, as_csv, as_xlsx, chunks
from models.work.audit_log import Event
from web.components.admin.exports import everything, pes
from web.components.admin.exports.entry import FIRST, LAST, PLACE, last_month, menu
from web.components.admin.kit.form import NOTHING, Choice, Day, Filled, OneOf, fill, in_order
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

LIST = OneOf(
    "liste",
    "Contenu",
    missing="Choisissez ce que le fichier contient.",
    choices=tuple(Choice(one.name, one.label) for one in LISTS),
)
FORMAT = OneOf(
    "format",
    "Format",
    "Excel pour lire et calculer, CSV pour reprendre dans un autre logiciel.",
    "Choisissez un format.",
    choices=(Choice("xlsx", "Excel ou LibreOffice (XLSX)"), Choice("csv", "CSV")),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _page(request, NOTHING)


@staff(*menu.roles)
async def send(request: StaffRequest) -> Response:
    """The file itself. The journal keeps who took what."""
    filled = in_order(fill(await _fields(), await form(request)), FIRST, LAST)
    if filled.errors:
        return await _page(request, filled)
    wanted = next(one for one in LISTS if one.name == filled.values[LIST.name])
    till = filled.values.get("regie")
    asked = Asked(filled.values[FIRST.name], filled.values[LAST.name], int(till) if till else None)
    try:
        return await _file(request, wanted, asked, filled.values[FORMAT.name])
    except TooManyRows:
        told = "Trop de lignes pour un tableur\u00a0: choisissez CSV, ou une période plus courte."
        return await _page(request, replace(filled, errors={FORMAT.name: told}))


async def _file(request: StaffRequest, wanted: ExportList, asked: Asked, format: str) -> Response:
    body = chunks(await as_xlsx(wanted, asked)) if format == "xlsx" else as_csv(wanted, asked)
    about, period = f"export:{wanted.name}", f"{asked.first} {asked.last}"
    await Event.note(
        request.now, request.user.actor, "export.made", about, period=period, till=asked.till, format=format
    )
    name = f"{wanted.name}_{asked.first}_{asked.last}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    kind = XLSX if format == "xlsx" else "text/csv; charset=utf-8"
    return StreamingResponse(body, media_type=kind, headers=headers)


async def _fields() -> tuple[OneOf | Day, ...]:
    tills = await Till.all().order_by("position", "id")
    choices = (Choice("", "Toutes les régies"), *(Choice(str(till.id), till.name) for till in tills))
    return LIST, FIRST, LAST, OneOf("regie", "Régie", choices=choices), FORMAT


async def _page(request: StaffRequest, filled: Filled) -> Response:
    """Last month, until somebody says otherwise."""
    known = {
        "fields": await _fields(),
        "administrator": request.user.may((), change=True),
        "filled": replace(filled, typed=last_month(request.now) | dict(filled.typed)),
    }
    return render(request, "admin/exports/page.html", known, 422 if filled.errors else 200)


routes = [Route(PLACE, show), Route(PLACE, send, methods=["POST"]), *pes.routes, *everything.routes]
