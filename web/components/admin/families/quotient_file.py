"""« Reprendre des quotients »: a file is read, what it would change is shown, then all of it is written, or nothing."""

from collections.abc import Sequence
from datetime import date

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.family_file import quotient_file
from models.french.table_files import mistake
from models.rules.families import quotient_file as rules
from models.rules.files.mistakes import WrongFile
from web.components.admin.families.place import EDITORS, PLACE
from web.components.admin.kit.form import Day, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.uploads import sent, uploads
from web.page.templates import render

FILE = f"{PLACE}/quotients"
SHOWN = 20  # mistakes of a file
MOST = 8000  # changes that a form carries
SINCE = Day(
    "debut", "Valables à partir du", hint="Pour les lignes qui ne le disent pas.", missing="Indiquez un jour."
)
REFUSED = "Ce fichier n’est pas repris, rien n’a changé."


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    return _page(request, _first_of_month(request.now.date()).isoformat())


@uploads(limit_bytes=rules.LONGEST)
@staff(*EDITORS)
async def preview(request: StaffRequest) -> Response:
    async with sent(request) as fields:
        file = fields.get("fichier")
        content = await file.read() if isinstance(file, UploadFile) else b""
        filled = fill([SINCE], fields)
    typed, start = filled.typed[SINCE.name], filled.of(SINCE)
    errors = dict(filled.errors)
    if not content:
        errors["fichier"] = "Choisissez le fichier des quotients."
    if errors or start is None:
        return _page(request, typed, errors)
    try:
        lines = rules.read(content, await quotient_file.numbers(), start)
    except WrongFile as exc:
        return _page(request, typed, {"fichier": REFUSED}, [mistake(one) for one in exc.mistakes[:SHOWN]])
    found = await quotient_file.differences(lines)
    changed = [one for one in found if one.changes]
    if len(changed) > MOST:
        return _page(
            request, typed, {"fichier": f"Plus de {MOST} changements\u00a0: faites-en deux fichiers."}
        )
    known = {
        "changed": changed,
        "same": len(found) - len(changed),
        "lines": "\n".join(str(one.line) for one in changed),
        "place": FILE,
    }
    return render(request, "admin/families/quotient_preview.html", known)


@staff(*EDITORS)
async def apply(request: StaffRequest) -> Response:
    fields = await form(request)
    try:
        content = f"dossier;quotient;date\n{fields.get('lignes', '')}".encode()
        lines = rules.read(content, await quotient_file.numbers(), request.now.date())
    except WrongFile:
        return _page(request, request.now.date().isoformat(), {"fichier": REFUSED})
    number = await quotient_file.apply(lines, request.user.member.id, request.now)
    return RedirectResponse(f"{FILE}?repris={number}", 303)


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _page(
    request: StaffRequest, since: str, errors: dict[str, str] | None = None, mistakes: Sequence[str] = ()
) -> Response:
    known = {
        "since": SINCE,
        "typed": since,
        "errors": errors or {},
        "mistakes": mistakes,
        "done": whole(request.query_params.get("repris")),
        "families": PLACE,
        "place": FILE,
    }
    return render(request, "admin/families/quotient_file.html", known, 422 if errors else 200)


routes = [
    Route("/mairie/familles/quotients", show),
    Route("/mairie/familles/quotients", preview, methods=["POST"]),
    Route("/mairie/familles/quotients/reprise", apply, methods=["POST"]),
]
