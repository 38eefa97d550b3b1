"""« Reprendre un fichier de familles »: brought, its columns said, shown beside what is known, written, taken back."""

import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.family_imports import bringing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import LONGEST, FamilyImport
from models.rules.files.mistakes import WrongFile
from web.components.admin.family_imports import one
from web.components.admin.family_imports.place import EDITORS, FAMILIES, PLACE
from web.components.admin.kit import brought
from web.components.admin.kit.form import Choice, OneOf
from web.http.auth import StaffRequest, staff
from web.http.forms import whole
from web.http.uploads import TooLong, uploads
from web.page.templates import render


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, {}, {})


@uploads(limit_bytes=LONGEST)
@staff(*EDITORS)
async def bring(request: StaffRequest) -> Response:
    """Nothing of it is written: it is kept, and shown."""
    asked = await _asked()
    try:
        taken = await brought.taken(request, asked)
    except TooLong:
        return await _page(request, {}, {"fichier": brought.TOO_LONG}, 413)
    filled, errors = taken.filled, taken.errors
    year = whole(filled.values.get("annee"))
    if errors or year is None:
        return await _page(request, filled.typed, errors, 422)
    said = Brought(taken.click, taken.name, taken.content, year, whole(filled.values.get("ecole")))
    try:
        id = await bringing.bring(said, request.user.member.id, request.now)
    except WrongFile as wrong:
        return await _page(request, filled.typed, {"fichier": brought.wrong_file(wrong)}, 422)
    return RedirectResponse(f"{PLACE}/{id}", 303)


async def _asked() -> tuple[OneOf, OneOf]:
    years = [Choice(str(row.id), row.name) for row in await SchoolYear.all().order_by("-starts")]
    schools = [Choice(str(row.id), row.name) for row in await School.all().order_by("position", "id")]
    return (
        OneOf("annee", "Année scolaire des classes", missing="Choisissez l’année.", choices=tuple(years)),
        OneOf(
            "ecole",
            "École",
            hint="Pour les lignes qui ne la disent pas\u00a0: un fichier ONDE est celui d’une seule école.",
            choices=(Choice("", "Chaque ligne la dit"), *schools),
        ),
    )


async def _page(
    request: StaffRequest, typed: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    year = await SchoolYear.current(request.now.date())
    if year is None:
        raise HTTPException(404)
    known = {
        "asked": await _asked(),
        "typed": typed or {"annee": str(year.id)},
        "errors": errors,
        "files": await FamilyImport.lately(),
        "now": request.now,
        "done": brought.done(request),
        "click": secrets.token_hex(8),
        "families": FAMILIES,
        "place": PLACE,
    }
    return render(request, "admin/family_imports/list.html", known, status)


routes = [
    Route("/mairie/familles/fichiers", show),
    Route("/mairie/familles/fichiers", bring, methods=["POST"]),
    *one.routes,
]
