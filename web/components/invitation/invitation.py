"""Where the link of an agent's invitation leads: a password, chosen once."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.guardian_account import WeakPassword
from models.access.staff.invitation import Invitation
from models.access.token import LinkOver
from web.http.auth import PortalRequest, anyone
from web.http.forms import form
from web.page.passwords import DIFFERENT, HINT_OF_STAFF, WEAK_OF_STAFF
from web.page.templates import render

PLACE = "/espace-mairie/invitation"
SECRET = {"Referrer-Policy": "same-origin"}  # the address holds one
FIELDS = {
    "mot_de_passe": "Saisissez votre mot de passe.",
    "confirmation": "Saisissez encore une fois votre mot de passe.",
}


@anyone
async def show(request: PortalRequest) -> Response:
    """A form, and nothing used: programs that read e-mails follow links too."""
    try:
        invitation = await Invitation.find(request.text("jeton"))
    except LinkOver:
        return _over(request)
    return _draw(request, invitation)


@anyone
async def accept(request: PortalRequest) -> Response:
    sent = await form(request)
    wanted, again = (str(sent.get(name, "")) for name in FIELDS)
    errors = {name: said for name, said in FIELDS.items() if not sent.get(name)}
    if wanted and again and wanted != again:
        errors["confirmation"] = DIFFERENT
    try:
        invitation = await Invitation.find(request.text("jeton"))
        if errors:
            return _draw(request, invitation, errors, 422)
        await invitation.accept(wanted, request.now)
    except LinkOver:
        return _over(request)
    except WeakPassword as exc:
        return _draw(request, invitation, {"mot_de_passe": WEAK_OF_STAFF[exc.why]}, 422)
    return RedirectResponse("/connexion?suite=/mairie/tableau-de-bord", 303, SECRET)


def _draw(
    request: PortalRequest, invitation: Invitation, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    known = {"member": invitation.member, "errors": errors or {}, "hint": HINT_OF_STAFF}
    return render(request, "invitation/page.html", known, status, SECRET)


def _over(request: PortalRequest) -> Response:
    return render(request, "invitation/over.html", None, 410, SECRET)


routes = [
    Route(f"{PLACE}/{{jeton}}", show, methods=["GET"]),
    Route(f"{PLACE}/{{jeton}}", accept, methods=["POST"]),
]
