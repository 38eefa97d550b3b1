"""« Logo »: the picture by which the town is known, and how it looks wherever it is shown."""

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.commune import Commune
from models.commune.town_logo import LONGEST_ALT
from models.commune_file.screens import town_logo
from models.messages.attachment import CheckedFile
from models.rules.attachments import MOST_BYTES, FileType
from web.components.admin.kit.form import Filled, Text, fill
from web.components.admin.town_settings.place import PLACE, ROLES
from web.http.attachments import FILE, HEARD, WrongFile, file_sent, too_long
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.http.uploads import TooLong, sent, uploads
from web.page import app_icon
from web.page.templates import render

LOGO = f"{PLACE}/logo"
ALT = Text(
    "texte",
    "Texte de remplacement",
    "Ce que le logo dit de plus que le nom de la commune, écrit à côté. Vide\u00a0: rien.",
    longest=LONGEST_ALT,
)
NO_FILE = "Choisissez une image PNG ou JPEG."
DONE = {"1": "Le logo est enregistré.", "retrait": "Le logo est retiré."}


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    town = await Commune.with_logo()
    if town is None:
        return RedirectResponse("/mairie/demarrage", 303)
    own = town.own_logo
    return _draw(request, town, Filled({ALT.name: own.alt if own else ""}, {}, {}))


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*ROLES)
async def choose(request: StaffRequest) -> Response:
    """Without a file it says something else of the logo that there is."""
    town, (filled, file) = await Commune.with_logo(), await _sent(request)
    if town is None:
        return RedirectResponse("/mairie/demarrage", 303)
    if file is None and FILE not in filled.errors and not town.own_logo:
        filled = Filled(filled.typed, filled.values, {**filled.errors, FILE: NO_FILE})
    if filled.errors:
        return _draw(request, town, filled, 422)
    actor, alt = request.user.actor, filled.of(ALT) or ""
    if file:
        await town_logo.choose(file.name, file.content, alt, actor, request.now)
    else:
        await town_logo.describe(alt, actor, request.now)
    return RedirectResponse(f"{LOGO}?fait=1", 303)


@staff(*ROLES)
async def take_off(request: StaffRequest) -> Response:
    await form(request)
    await town_logo.take_off(request.user.actor, request.now)
    return RedirectResponse(f"{LOGO}?fait=retrait", 303)


routes = [
    Route(LOGO, show, methods=["GET"]),
    Route(LOGO, choose, methods=["POST"]),
    Route(f"{LOGO}/retrait", take_off, methods=["POST"]),
]


async def _sent(request: StaffRequest) -> tuple[Filled, CheckedFile | None]:
    file: CheckedFile | None = None
    mistake = ""
    try:
        async with sent(request) as typed:
            fields: FormData = typed
            try:
                file = await file_sent(typed)
            except WrongFile as exc:
                mistake = str(exc)
    except TooLong as exc:
        if exc.fields is None:
            raise
        fields, mistake = exc.fields, str(too_long(exc, exc.fields))
    if file and file.kind is FileType.PDF:
        mistake = NO_FILE
    filled = fill((ALT,), fields)
    errors = {**filled.errors, **({FILE: mistake} if mistake else {})}
    return Filled(filled.typed, filled.values, errors), file


def _draw(request: StaffRequest, town: Commune, filled: Filled, status: int = 200) -> Response:
    icons = app_icon.badge(town.colour, None, request.app.state.settings.data_dir, _content(town))
    known = {
        "place": PLACE,
        "alt": ALT,
        "own": town.own_logo,
        "town": town,
        "filled": filled,
        "errors": filled.errors,
        "round": icons.address("maskable", 192),
        "square": icons.address("apple", 180),
        "done": DONE.get(request.query_params.get("fait", ""), "") if status == 200 else "",
    }
    return render(request, "admin/town_settings/logo.html", known, status)


def _content(town: Commune) -> bytes | None:
    return bytes(town.own_logo.content) if town.own_logo else None
