"""« Inscrivez-vous »: what the letter says becomes an account, by a link that is sent to the parent's address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import first_connection
from models.access.first_connection import Asked, NameTaken, WrongLetter, WrongName
from models.access.guardian_account import WeakPassword
from models.access.sign_in import TooManyTries
from models.access.token import LinkOver, Purpose, Token
from models.french import wait
from models.rules.accounts import addresses
from models.rules.accounts.usernames import LONGEST, SHORTEST
from web.http import signing
from web.http.auth import PortalRequest, Visitor, anyone, home
from web.http.forms import form
from web.http.network import network
from web.http.sessions import close_session
from web.page.menu import PARENTS_HOME
from web.page.passwords import HINT, WEAK
from web.page.templates import render

PLACE, LINKS = "/inscrivez-vous", "/activation"
SECRET = {
    "Referrer-Policy": "same-origin"
}  # the address holds one; « no-referrer » would hide the form’s origin too
FIELDS = ("dossier", "code", "adresse", "identifiant", "mot_de_passe")
MISSING = {
    "dossier": "Saisissez le numéro de dossier qui est sur le courrier.",
    "adresse": "Saisissez votre adresse mail.",
    "identifiant": "Choisissez un nom d’utilisateur.",
    "mot_de_passe": "Choisissez un mot de passe.",
}
WRONG_ADDRESS = "Saisissez une adresse e-mail complète, par exemple nom@exemple.fr."
WRONG_NAMES = {
    "short": f"Le nom d’utilisateur doit avoir {SHORTEST} caractères au minimum.",
    "long": f"Le nom d’utilisateur doit avoir {LONGEST} caractères au maximum.",
    "letters": "Des lettres sans accent, des chiffres, des points et des tirets\u00a0: rien d’autre.",
}


@anyone
async def ask(request: PortalRequest) -> Response:
    """The form; the square of a letter fills it in."""
    if not isinstance(request.user, Visitor):
        return RedirectResponse(home(request.user), 303)
    said = request.query_params
    typed = {"dossier": said.get("dossier", ""), "code": said.get("code", "")}
    return _draw(request, typed | {"identifiant": said.get("nom", "")})


@anyone
async def send(request: PortalRequest) -> Response:
    sent = await form(request)
    typed = {name: str(sent.get(name, "")).strip() for name in FIELDS}
    typed["mot_de_passe"] = str(sent.get("mot_de_passe", ""))
    errors = {name: said for name, said in MISSING.items() if not typed[name]}
    if typed["adresse"] and not addresses.is_address(typed["adresse"]):
        errors["adresse"] = WRONG_ADDRESS
    if errors:
        return _draw(request, typed, errors, 422)
    asked = Asked(*(typed[name] for name in FIELDS))
    try:
        await first_connection.ask(asked, request.now, network(request))
    except WrongLetter:
        return _draw(request, typed, {"code": _wrong_letter(request)}, 422)
    except TooManyTries as exc:
        said = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
        return _draw(request, typed, {"dossier": said}, 429, {"Retry-After": str(-int(-exc.seconds // 1))})
    except (WrongName, NameTaken, WeakPassword) as exc:
        return _draw(request, typed, _refused(exc), 422)
    by = "courrier" if asked.code else "adresse"
    said = urlencode({"par": by, "adresse": addresses.hidden(asked.email)})
    return RedirectResponse(f"{PLACE}/envoye?{said}", 303)


@anyone
async def sent(request: PortalRequest) -> Response:
    said = request.query_params
    to = said.get("adresse", "")
    known = {
        "to": to if addresses.is_hidden(to) else "",
        "sure": said.get("par") == "courrier",
        "place": PLACE,
        "demo_mail": request.settings.demo,
    }
    return render(request, "first_connection/sent.html", known)


@anyone
async def show_link(request: PortalRequest) -> Response:
    """A button, and nothing used: programs that read e-mails follow links too."""
    try:
        token = await Token.find(request.text("jeton"), Purpose.ACTIVATION)
    except LinkOver:
        return _over(request)
    return _draw_link(request, token, {})


@anyone
async def activate(request: PortalRequest) -> Response:
    secret, sent = request.text("jeton"), await form(request)
    try:
        token = await Token.find(secret, Purpose.ACTIVATION)
        opened = await first_connection.activate(
            secret,
            request.now,
            username=str(sent.get("identifiant", "")),
            password=str(sent.get("mot_de_passe", "")),
            device=request.headers.get("user-agent", ""),
        )
    except LinkOver:
        return _over(request)
    except (WrongName, NameTaken, WeakPassword) as exc:
        return _draw_link(request, token, _refused(exc), str(sent.get("identifiant", "")), 422)
    await close_session(request)
    answer = RedirectResponse(PARENTS_HOME, 303, SECRET)
    signing.give_session(answer, request.settings, opened.secret, remembered=False)
    return answer


@anyone
async def short(request: PortalRequest) -> Response:
    """What is easily typed from a letter."""
    return RedirectResponse(PLACE, 303)


routes = [
    Route(PLACE, ask, methods=["GET"]),
    Route(PLACE, send, methods=["POST"]),
    Route(f"{PLACE}/envoye", sent, methods=["GET"]),
    Route("/inscription", short, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", show_link, methods=["GET"]),
    Route(f"{LINKS}/{{jeton}}", activate, methods=["POST"]),
]


def _refused(exc: WrongName | NameTaken | WeakPassword) -> dict[str, str]:
    match exc:
        case WrongName(why):
            return {"identifiant": WRONG_NAMES[why]}
        case NameTaken(offers):
            free = f" Libres\u00a0: {', '.join(offers)}." if offers else ""
            return {"identifiant": f"Ce nom d’utilisateur est déjà pris.{free}"}
        case WeakPassword(why):
            return {"mot_de_passe": WEAK[why]}


def _wrong_letter(request: PortalRequest) -> str:
    asked = f" ou appelez le {request.commune.phone}" if request.commune else ""
    return (
        f"Ce numéro de dossier et ce code ne vont pas ensemble. Vérifiez le dernier courrier reçu{asked}. "
        "Si votre compte est déjà ouvert, connectez-vous."
    )


def _draw(
    request: PortalRequest,
    typed: Mapping[str, str],
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """With what was typed except the password."""
    shown = {name: typed.get(name, "") for name in FIELDS if name != "mot_de_passe"}
    known: dict[str, Any] = {"typed": shown, "errors": errors or {}, "hint": HINT, "place": PLACE}
    return render(request, "first_connection/page.html", known, status, {**SECRET, **(headers or {})})


def _draw_link(
    request: PortalRequest, token: Token, errors: dict[str, str], name: str = "", status: int = 200
) -> Response:
    """One button; beside it what is missing: a name that is free, a password that nobody chose yet."""
    asked = token.facts.get("username", token.guardian.username)
    known = {
        "person": token.guardian.name,
        "name": name or asked,
        "whole": "password" in token.facts and not errors,
        "ask_password": "password" not in token.facts,
        "errors": errors,
        "hint": HINT,
    }
    return render(request, "first_connection/link.html", known, status, SECRET)


def _over(request: PortalRequest) -> Response:
    known = {"place": PLACE, "errors": {}}
    return render(request, "first_connection/over.html", known, 410, SECRET)
