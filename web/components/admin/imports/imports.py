"""« Imports »: a table of quotients, takings or enrolments is brought; what it would change is shown, then done."""

import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school_year import SchoolYear
from models.family_imports import bringing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import LONGEST, FamilyImport
from models.rules.files.mistakes import WrongFile
from models.rules.imports import table
from web.components.admin.imports import one
from web.components.admin.imports.one import sort_of
from web.components.admin.imports.place import FAMILIES, PLACE, SORTS, Sort, menu
from web.components.admin.kit import brought
from web.components.admin.kit.form import Choice, OneOf
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.http.uploads import TooLong, uploads
from web.page.templates import render


@staff(*menu.roles)
async def kinds(request: StaffRequest) -> Response:
    mine = [sort for sort in SORTS if request.user.may(sort.roles)]
    families = FAMILIES if request.user.may(("manager",)) else ""
    return render(request, "admin/imports/kinds.html", {"sorts": mine, "families": families})


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _page(request, sort_of(request), {}, {})


@uploads(limit_bytes=LONGEST)
@staff(*menu.roles)
async def bring(request: StaffRequest) -> Response:
    """Nothing of it is written: it is kept, and shown."""
    sort = sort_of(request, change=True)
    asked = await _asked(sort)
    try:
        taken = await brought.taken(request, asked)
    except TooLong:
        return await _page(request, sort, {}, {"fichier": brought.TOO_LONG}, 413)
    filled, errors = taken.filled, taken.errors
    year = whole(filled.values.get("annee")) or (await _year(request)).id
    if errors:
        return await _page(request, sort, filled.typed, errors, 422)
    said = Brought(taken.click, taken.name, taken.content, year, None, sort.kind.code)
    try:
        id = await bringing.bring(
            said, request.user.member.id, request.now, lambda heads: table.guess(sort.kind.columns, heads)
        )
    except WrongFile as wrong:
        return await _page(request, sort, filled.typed, {"fichier": brought.wrong_file(wrong)}, 422)
    return RedirectResponse(f"{sort.place}/{id}", 303)


async def _year(request: StaffRequest) -> SchoolYear:
    year = await SchoolYear.current(request.now.date())
    if year is None:
        raise HTTPException(404)
    return year


async def _asked(sort: Sort) -> tuple[OneOf, ...]:
    if not sort.by_year:
        return ()
    years = [Choice(str(row.id), row.name) for row in await SchoolYear.all().order_by("-starts")]
    return (OneOf("annee", "Année scolaire", missing="Choisissez l’année.", choices=tuple(years)),)


async def _page(
    request: StaffRequest,
    sort: Sort,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = 200,
) -> Response:
    known = {
        "sort": sort,
        "asked": await _asked(sort),
        "typed": typed or {"annee": str((await _year(request)).id)},
        "errors": errors,
        "files": await FamilyImport.lately(sort.kind.code),
        "done": brought.done(request),
        "click": secrets.token_hex(8),
        "place": PLACE,
    }
    return render(request, "admin/imports/list.html", known, status)


routes = [
    Route(PLACE, kinds),
    Route("/mairie/imports/{sorte}", show),
    Route("/mairie/imports/{sorte}", bring, methods=["POST"]),
    *one.routes,
]
