"""« Reprendre un fichier de familles »: brought, its columns said, shown beside what is known, written, taken back."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.school import School
from models.commune.school_year import SchoolYear
from models.family_imports import bringing
from models.family_imports.bringing import Brought
from models.family_imports.family_import import LONGEST, FamilyImport
from models.rules.files.mistakes import WrongFile
from web.components.admin.family_imports import one, words
from web.components.admin.family_imports.place import EDITORS, FAMILIES, PLACE
from web.components.admin.kit.form import Choice, OneOf, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import render

NO_FILE = "Choisissez un fichier CSV ou XLSX."
TOO_LONG = "Ce fichier est trop lourd\u00a0: 8 Mo au maximum. Faites-en plusieurs."


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return await _page(request, {}, {})


@uploads(limit_bytes=LONGEST)
@staff(*EDITORS)
async def bring(request: StaffRequest) -> Response:
    """Nothing of it is written: it is kept, and shown."""
    asked = await _asked()
    try:
        async with sent(request) as fields:
            file = fields.get("fichier")
            content = await file.read() if isinstance(file, UploadFile) else b""
            name = file.filename or "" if isinstance(file, UploadFile) else ""
            filled, click = fill(asked, fields), plain_key(fields, "click") or secrets.token_hex(8)
    except TooLong:
        return await _page(request, {}, {"fichier": TOO_LONG}, 413)
    errors = dict(filled.errors)
    if not content:
        errors["fichier"] = NO_FILE
    year = whole(filled.values.get("annee"))
    if errors or year is None:
        return await _page(request, filled.typed, errors, 422)
    said = Brought(click, name, content, year, whole(filled.values.get("ecole")))
    try:
        id = await bringing.bring(said, request.user.member.id, request.now)
    except WrongFile as wrong:
        return await _page(request, filled.typed, {"fichier": words.wrong_file(wrong)}, 422)
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
        "done": words.DONE.get(request.query_params.get("fait", "")),
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
