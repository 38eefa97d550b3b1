"""« Télécharger mes données »: a paper is drawn, then one ZIP of it, of the same lists and of the family's papers."""

import json
import zipfile
from collections.abc import AsyncIterator
from typing import IO, cast

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from models.access.sign_in import TooManyTries, WrongPassword
from models.french import wait
from models.personal_data import export, readable
from models.personal_data.data_copy import DataCopy
from models.personal_data.export import Told
from web.components.my_data import closing
from web.http.auth import ParentRequest, parent
from web.http.forms import form
from web.page.templates import part, render

PLACE = "/compte/donnees"
MISSING = "Saisissez votre mot de passe actuel."
WRONG = "Le mot de passe n’est pas le bon."
FILE = "mes-donnees"


STYLE = Markup(
    ":root { color-scheme: light dark }"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }"
    "h2 { margin: 2.5rem 0 .5rem }"
    "dl { display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: .1rem 1rem; margin: 0; padding: .6rem 0;"
    "border-top: 1px solid #8888 }"
    "dt { opacity: .75 } dd { margin: 0; overflow-wrap: anywhere }"
)


class Pieces:
    """What a ZIP is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._kept.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """A ZIP asks for it."""

    def taken(self) -> bytes:
        said, self._kept = b"".join(self._kept), []
        return said


@parent
async def show(request: ParentRequest) -> Response:
    return render(request, "my_data/page.html", {"errors": {}})


@parent
async def send(request: ParentRequest) -> Response:
    password = str((await form(request)).get("actuel", ""))
    guardian = request.user.guardian
    if not password:
        return _refused(request, MISSING)
    try:
        copy = await export.ask(guardian, password, request.now)
    except WrongPassword:
        return _refused(request, WRONG)
    except TooManyTries as exc:
        said, later = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", str(-int(-exc.seconds // 1))
        return _refused(request, said, 429, {"Retry-After": later})
    return RedirectResponse(f"{PLACE}/{copy}", 303)


@parent
async def copy(request: ParentRequest) -> Response:
    """Being prepared, or ready: the page asks for itself until it is."""
    found = await _copy(request)
    name = "my_data/preparation.html" if request.is_htmx else "my_data/copy.html"
    return render(request, name, {"copy": found, "place": f"{PLACE}/{found.id}"})


@parent
async def download(request: ParentRequest) -> Response:
    copy = await _copy(request)
    paper = copy.paper
    if paper is None:
        return RedirectResponse(f"{PLACE}/{copy.id}", 303)
    name = f"{FILE}-{copy.asked_at:%Y-%m-%d}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "no-store"}
    body = _zip(request, name, await export.read(request.user.guardian), paper)
    return StreamingResponse(body, media_type="application/zip", headers=headers)


async def _copy(request: ParentRequest) -> DataCopy:
    found = await DataCopy.of(request.user.guardian.id, request.number("id"))
    if found is None:
        raise HTTPException(404)
    return found


async def _zip(request: ParentRequest, name: str, told: list[Told], paper: bytes) -> AsyncIterator[bytes]:
    """The lists for a machine and for a reader, then the papers, one at a time."""
    sink = Pieces()
    lists = {one.title: one.rows for one in told}
    context = {"told": told, "guardian": request.user.guardian, "style": STYLE, "said": readable.said}
    page = part(request, "my_data/readable.html", context)
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{name}/donnees.json", json.dumps(lists, ensure_ascii=False, indent=1))
        file.writestr(f"{name}/donnees.html", page)
        file.writestr(f"{name}/{FILE}.pdf", paper)
        yield sink.taken()
        async for kept in export.papers(request.user.guardian):
            file.writestr(f"{name}/{kept.name}", kept.content)
            yield sink.taken()
    yield sink.taken()


def _refused(
    request: ParentRequest, said: str, status: int = 422, headers: dict[str, str] | None = None
) -> Response:
    return render(request, "my_data/page.html", {"errors": {"actuel": said}}, status, headers)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, send, methods=["POST"]),
    Route(PLACE + "/{id:int}", copy, methods=["GET"]),
    Route(PLACE + "/{id:int}/fichier", download, methods=["GET"]),
    *closing.routes,
]
