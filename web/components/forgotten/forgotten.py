"""« Mot de passe oublié ? », and the user name too: an e-mail says the one and opens the other."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import forgotten
from models.access.guardian_account import WeakPassword
from models.access.sign_in import TooManyTries
from models.access.token import LinkOver, Purpose, Token
from models.french import wait
from models.rules.accounts import addresses
from web.http import signing
from web.http.auth import PortalRequest, anyone
from web.http.forms import form
from web.http.network import network
from web.http.sessions import close_session
from web.page.menu import PARENTS_HOME
from web.page.passwords import DIFFERENT, HINT, WEAK
from web.page.templates import render

PLACE, LINKS, SIGN_IN = "/mot-de-passe-oublie", "/nouveau-mot-de-passe", "/connexion/lien"
SECRET = {
    "Referrer-Policy": "same-origin"
}  # the address holds one; « no-referrer » would hide the form’s origin too
WRONG_ADDRESS = "Saisissez une adresse e-mail complète, par exemple nom@exemple.fr."
FIELDS = {
    "mot_de_passe": "Saisissez votre nouveau mot de passe.",
    "confirmation": "Saisissez encore une fois votre nouveau mot de passe.",
}


@dataclass(frozen=True, slots=True)
class Way:
    """What an e-mail may bring."""

    purpose: Purpose
    place: str
    title: str
    lead: str
    lasts: str


FORGOTTEN = Way(
    Purpose.PASSWORD,
    PLACE,
    "Mot de passe oublié",
    "Nom d’utilisateur oublié\u00a0? Le même e-mail le rappelle.",
    "1\u00a0heure",
)
LINK = Way(
    Purpose.SIGN_IN,
    SIGN_IN,
    "Recevoir un lien de connexion",
    "Un e-mail vous connecte, sans mot de passe.",
    "15\u00a0minutes",
)
WAYS = {way.place: way for way in (FORGOTTEN, LINK)}


@anyone
async def ask(request: PortalRequest) -> Response:
    return _draw(request)


@anyone
async def send(request: PortalRequest) -> Response:
    """The same answer whoever has the address, and nobody."""
    way, typed = WAYS[request.url.path], str((await form(request)).get("adresse", "")).strip()
    if not addresses.is_address(typed):
        return _draw(request, typed, {"adresse": WRONG_ADDRESS}, 422)
    try:
        await forgotten.ask(typed, way.purpose, network(request))
    except TooManyTries as exc:
        said = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
        return _draw(request, typed, {"adresse": said}, 429, {"Retry-After": str(-int(-exc.seconds // 1))})
    return RedirectResponse(f"{way.place}/envoye", 303)


@anyone
async def sent(request: PortalRequest) -> Response:
    way = WAYS[request.url.path.removesuffix("/envoye")]
    return render(request, "forgotten/sent.html", {"way": way, "demo_mail": request.settings.demo})


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


@anyone
async def show_sign_in(request: PortalRequest) -> Response:
    """A button, and nothing used."""
    try:
        token = await Token.find(request.text("jeton"), Purpose.SIGN_IN)
    except LinkOver:
        return _over(request, LINK)
    return render(request, "forgotten/sign_in.html", {"person": token.guardian.name}, headers=SECRET)


@anyone
async def enter(request: PortalRequest) -> Response:
    try:
        opened = await forgotten.enter(
            request.text("jeton"), request.now, request.headers.get("user-agent", "")
        )
    except LinkOver:
        return _over(request, LINK)
    await close_session(request)
    answer = RedirectResponse(PARENTS_HOME, 303, SECRET)
    signing.give_session(answer, request.settings, opened.secret, remembered=False)
    return answer


routes = [
    *(
        Route(f"{way.place}{path}", handler, methods=[method])
        for way in WAYS.values()
        for path, handler, method in (("", ask, "GET"), ("", send, "POST"), ("/envoye", sent, "GET"))
    ),
    Route(f"{SIGN_IN}/{{jeton}}", show_sign_in, methods=["GET"]),
    Route(f"{SIGN_IN}/{{jeton}}", enter, methods=["POST"]),
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
    known: dict[str, Any] = {"typed": typed, "errors": errors or {}, "way": WAYS[request.url.path]}
    return render(request, "forgotten/page.html", known, status, headers)


def _draw_link(
    request: PortalRequest, token: Token, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    known = {"name": token.guardian.username, "errors": errors or {}, "hint": HINT}
    return render(request, "forgotten/link.html", known, status, SECRET)


def _over(request: PortalRequest, way: Way = FORGOTTEN) -> Response:
    return render(request, "forgotten/over.html", {"place": way.place}, 410, SECRET)
