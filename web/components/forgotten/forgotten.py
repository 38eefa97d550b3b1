"""« Mot de passe oublié ? », and the user name too: an e-mail says the one and opens the other."""

from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import forgotten
from models.access.guardian_account import WeakPassword
from models.access.sign_in import TooManyTries
from models.access.token import LinkOver, Purpose, Token
from models.french import wait
from models.rules.accounts import addresses
from web.http.auth import PortalRequest, anyone
from web.http.forms import form
from web.http.network import network
from web.page.passwords import DIFFERENT, HINT, WEAK
from web.page.templates import render

PLACE, LINKS = "/mot-de-passe-oublie", "/nouveau-mot-de-passe"
SECRET = {"Referrer-Policy": "no-referrer"}  # the address holds one
WRONG_ADDRESS = "Saisissez une adresse e-mail complète, par exemple nom@exemple.fr."
FIELDS = {
    "mot_de_passe": "Saisissez votre nouveau mot de passe.",
    "confirmation": "Saisissez encore une fois votre nouveau mot de passe.",
}


@anyone
async def ask(request: PortalRequest) -> Response:
    return _draw(request)


@anyone
async def send(request: PortalRequest) -> Response:
    """The same answer whoever has the address, and nobody."""
    typed = str((await form(request)).get("adresse", "")).strip()
    if not addresses.is_address(typed):
        return _draw(request, typed, {"adresse": WRONG_ADDRESS}, 422)
    try:
        await forgotten.ask(typed, network(request))
    except TooManyTries as exc:
        said = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
        return _draw(request, typed, {"adresse": said}, 429, {"Retry-After": str(-int(-exc.seconds // 1))})
    return RedirectResponse(f"{PLACE}/envoye", 303)


@anyone
async def sent(request: PortalRequest) -> Response:
    known = {"place": PLACE, "demo_mail": request.settings.demo}
    return render(request, "forgotten/sent.html", known)


@anyone
async def show_link(request: PortalRequest) -> Response:
    """A form, and nothing used: programs that read e-mails follow links too."""
    try:
        token = await Token.find(request.text("jeton"), Purpose.PASSWORD)
    except LinkOver:
        return _over(request)
    return _draw_link(request, token)


@anyone
async def reset(request: PortalRequest) -> Response:
    secret, sent = request.text("jeton"), await form(request)
    wanted, again = (str(sent.get(name, "")) for name in FIELDS)
    errors = {name: said for name, said in FIELDS.items() if not sent.get(name)}
    if wanted and again and wanted != again:
        errors["confirmation"] = DIFFERENT
    try:
        token = await Token.find(secret, Purpose.PASSWORD)
        if errors:
            return _draw_link(request, token, errors, 422)
        await forgotten.reset(secret, wanted, request.now)
    except LinkOver:
        return _over(request)
    except WeakPassword as exc:
        return _draw_link(request, token, {"mot_de_passe": WEAK[exc.why]}, 422)
    return RedirectResponse(f"{PLACE}/change", 303, SECRET)


@anyone
async def changed(request: PortalRequest) -> Response:
    """Whoever followed the link shows that they know the new one."""
    return render(request, "forgotten/changed.html")


routes = [
    Route(PLACE, ask, methods=["GET"]),
    Route(PLACE, send, methods=["POST"]),
    Route(f"{PLACE}/envoye", sent, methods=["GET"]),
    Route(f"{PLACE}/change", changed, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", show_link, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", reset, methods=["POST"]),
]


def _draw(
    request: PortalRequest,
    typed: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    known: dict[str, Any] = {"typed": typed, "errors": errors or {}, "place": PLACE}
    return render(request, "forgotten/page.html", known, status, headers)


def _draw_link(
    request: PortalRequest, token: Token, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    known = {"name": token.guardian.username, "errors": errors or {}, "hint": HINT}
    return render(request, "forgotten/link.html", known, status, SECRET)


def _over(request: PortalRequest) -> Response:
    return render(request, "forgotten/over.html", {"place": PLACE}, 410, SECRET)
