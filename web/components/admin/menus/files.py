"""Menus from a file in the schema of French communes: read, shown with what is refused and why, then kept."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.french import quoted
from models.publishing.meal_menu import MealMenu
from models.rules.menus import scdl
from models.rules.menus.scdl import NotAMenu, RefusedLine, Why
from web.components.admin.menus.place import FILE, PLACE, menu
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import render

LARGEST = 200 * 1024  # bytes: two months of menus
WORDS = {
    Why.DATE: "la date «\u00a0{}\u00a0» ne s’écrit pas AAAA-MM-JJ",
    Why.MEAL: "«\u00a0{}\u00a0» n’est pas un repas (déjeuner, goûter…)",
    Why.KIND: "«\u00a0{}\u00a0» n’est pas un type de plat (entrée, plat principal…)",
    Why.NAME: "«\u00a0{}\u00a0» n’est pas un nom de plat",
    Why.ALLERGEN: "«\u00a0{}\u00a0» n’est pas un des 14 allergènes",
}
NO_FILE = "Choisissez un fichier de menus."
TOO_LARGE = "Ce fichier est trop lourd\u00a0: 200 Ko au maximum, soit environ deux mois de menus."
NOT_A_MENU = "Ce fichier n’est pas un tableau de menus."


@staff(*menu.roles)
async def offer(request: StaffRequest) -> Response:
    return _ask(request)


@uploads(limit_bytes=LARGEST)
@staff(*menu.roles)
async def read(request: StaffRequest) -> Response:
    """What it would do. Nothing is written before somebody has seen it."""
    try:
        async with sent(request) as fields:
            chosen = fields.get("fichier")
            content = await chosen.read() if isinstance(chosen, UploadFile) else b""
    except TooLong:
        return _ask(request, {"fichier": TOO_LARGE}, 413)
    if not content:
        return _ask(request, {"fichier": NO_FILE}, 422)
    try:
        text = scdl.text_of(content)
        reading = scdl.read(text)
    except NotAMenu as exc:
        return _ask(request, {"fichier": _not_a_menu(exc)}, 422)
    known = {
        "reading": reading,
        "refused": [(line.number, words(line)) for line in reading.refused],
        "text": text,
        "click": secrets.token_hex(8),
        "place": PLACE,
        "file": FILE,
    }
    return render(request, "admin/menus/read.html", known)


@staff(*menu.roles)
async def keep(request: StaffRequest) -> Response:
    """The same text again: what was shown is what is kept."""
    fields = await form(request)
    try:
        reading = scdl.read(str(fields.get("contenu", "")))
    except NotAMenu as exc:
        return _ask(request, {"fichier": _not_a_menu(exc)}, 422)
    key = plain_key(fields, "click") or secrets.token_hex(8)
    changed = await MealMenu.keep(reading.served, key, request.user.member, request.now)
    first = min((served.day for served in reading.served), default=request.now.date())
    return RedirectResponse(f"{PLACE}?debut={first}&fait={changed}&cle={key}", 303)


routes = [
    Route(FILE, offer),
    Route(FILE, read, methods=["POST"]),
    Route("/mairie/menus/fichier/enregistrement", keep, methods=["POST"]),
]


def words(line: RefusedLine) -> str:
    return WORDS[line.why].format(line.said[:80])


def _not_a_menu(exc: NotAMenu) -> str:
    missing = ", ".join(quoted(name) for name in exc.missing)
    return f"{NOT_A_MENU} Il y manque {missing}." if missing else NOT_A_MENU


def _ask(request: StaffRequest, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    known = {"errors": errors or {}, "place": PLACE, "file": FILE}
    return render(request, "admin/menus/file.html", known, status)
