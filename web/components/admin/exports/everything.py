"""« Tout exporter »: each table as a CSV in one ZIP, for an administrator who types their password again."""

import tomli_w
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from models import commune_file
from models.access.guardian_account import prove
from models.access.sign_in import TooManyTries, WrongPassword
from models.exports.everything import everything
from models.french import wait
from models.work.audit_log import Event
from web.components.admin.exports.entry import PLACE
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

WRONG = "Le mot de passe n’est pas le bon."


@staff()
async def show(request: StaffRequest) -> Response:
    return _page(request)


@staff()
async def send(request: StaffRequest) -> Response:
    """The journal keeps who took it, before the first byte leaves."""
    typed = str((await form(request)).get("actuel", ""))
    try:
        await prove(request.user.member, typed)
    except WrongPassword:
        return _page(request, WRONG, 422)
    except TooManyTries as exc:
        return _page(request, f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", 429)
    town = tomli_w.dumps(await commune_file.export())
    await Event.note(request.now, request.user.actor, "export.made", "export:tout", format="zip")
    name = f"portail_{request.now:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    body = everything({"commune.toml": town})
    return StreamingResponse(body, media_type="application/zip", headers=headers)


def _page(request: StaffRequest, wrong: str = "", status: int = 200) -> Response:
    known = {"errors": {"actuel": wrong} if wrong else {}, "back": PLACE}
    return render(request, "admin/exports/everything.html", known, status)


routes = [Route(f"{PLACE}/tout", show), Route(f"{PLACE}/tout", send, methods=["POST"])]
