"""Before signing in: the commune's first page, and the way in and out."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import viewing
from models.access.demo_accounts import demo_accounts, demo_newcomer
from models.access.passkeys import ceremony
from models.access.passkeys.ceremony import Site, WrongKey
from models.access.passkeys.challenge import ChallengeOver
from models.access.passwords import DEMO_PASSWORD
from models.access.sign_in import Blocked, CodeNeeded, Opened, Person, TooManyTries, WrongPassword, sign_in
from models.access.staff.second_step import awaiting
from models.families.guardian import Guardian
from models.french import wait
from models.publishing.front_page import front_page
from web.http import signing
from web.http.addresses import local
from web.http.auth import PortalRequest, Staff, Visitor, anyone, home
from web.http.forms import form
from web.http.network import network
from web.http.sessions import close_session
from web.page.menu import PARENTS_HOME, STAFF_HOME, is_closed, within
from web.page.templates import render

NEWS_SHOWN = 3  # on the first page; the others are one step away
CODE = "/connexion/code"
KEY = "/connexion/cle"
KEY_FAILED = "Cette clé d’accès n’ouvre aucun compte ici. Utilisez votre mot de passe."
KEY_OVER = "La page est restée ouverte trop longtemps. Réessayez."
WRONG = "Nom d’utilisateur ou mot de passe incorrect."


@anyone
async def welcome(request: PortalRequest) -> Response:
    if request.user:
        return RedirectResponse(home(request.user), 303)
    front = await front_page(request.now.date())
    known = {"front": front, "today": request.now.date(), "most": NEWS_SHOWN}
    return await _draw(request, "public/page.html", known)


@anyone
async def ask(request: PortalRequest) -> Response:
    """The form alone: what a guard leads to."""
    then = request.query_params.get("suite", "")
    if not isinstance(request.user, Visitor):  # signed in again in another tab
        return RedirectResponse(_goal(request, then, request.user.account), 303)
    return await _draw(request, "public/sign_in.html", {"then": then})


@anyone
async def enter(request: PortalRequest) -> Response:
    typed = {name: str(value) for name, value in (await form(request)).items()}
    errors = _missing(typed)
    if errors:
        return await _refuse(request, typed, errors, 422)
    try:
        opened = await _sign_in(request, typed)
    except WrongPassword:
        return await _refuse(request, typed, {"identifiant": WRONG}, 422)
    except Blocked:
        return await _refuse(request, typed, {"identifiant": _blocked(request)}, 422)
    except TooManyTries as exc:
        return await _refuse(request, typed, {"identifiant": _wait(exc.seconds)}, 429, exc.seconds)
    except CodeNeeded as exc:
        return _ask_code(request, exc, typed.get("suite", ""))
    return await _let_in(request, opened, typed)


@anyone
async def enter_with_key(request: PortalRequest) -> Response:
    """What a device has signed instead of a name and a password."""
    typed = {name: str(value) for name, value in (await form(request)).items()}
    try:
        opened = await ceremony.sign_in(
            typed.get("defi", ""),
            typed.get("reponse", ""),
            Site(request.settings.base_url),
            request.now,
            network=network(request),
            remembered="memoire" in typed,
            device=request.headers.get("user-agent", ""),
        )
    except ChallengeOver:
        return await _refuse(request, typed, {"": KEY_OVER}, 422)
    except WrongKey:
        return await _refuse(request, typed, {"": KEY_FAILED}, 422)
    except Blocked:
        return await _refuse(request, typed, {"": _blocked(request)}, 422)
    except TooManyTries as exc:
        return await _refuse(request, typed, {"": _wait(exc.seconds)}, 429, exc.seconds)
    return await _let_in(request, opened, typed)


@anyone
async def back(request: PortalRequest) -> Response:
    """The address of a form that was refused, asked for again."""
    return RedirectResponse("/connexion", 303)


@anyone
async def leave(request: PortalRequest) -> Response:
    settings, sent, user = request.settings, await form(request), request.user
    if isinstance(user, Staff):
        await viewing.end(user.session, user.member, request.now)
    await close_session(request)
    cleared = '"cache"' if "garder" in sent else '"cache", "storage"'  # ticks of others, who come back
    answer = RedirectResponse("/", 303, {"Clear-Site-Data": cleared})
    signing.take_session(answer, settings)
    return answer


routes = [
    Route("/", welcome),
    Route("/connexion", ask, methods=["GET"]),
    Route("/connexion", enter, methods=["POST"]),
    Route(KEY, back, methods=["GET"]),
    Route(KEY, enter_with_key, methods=["POST"]),
    Route("/deconnexion", leave, methods=["POST"]),
]


async def _sign_in(request: PortalRequest, typed: dict[str, str]) -> Opened:
    return await sign_in(
        typed["identifiant"],
        typed["mot_de_passe"],
        request.now,
        network=network(request),
        remembered="memoire" in typed,
        device=request.headers.get("user-agent", ""),
        known=signing.known_device(request.settings, request.cookies),
        twice=not request.settings.demo,
    )


def _ask_code(request: PortalRequest, needed: CodeNeeded, then: str) -> Response:
    """The password was right: the code of the telephone comes next, on a page of its own."""
    goal = _goal(request, then, needed.member)
    answer = RedirectResponse(f"{CODE}?{urlencode({'suite': goal})}", 303)
    signing.await_code(answer, request.settings, awaiting(needed.member))
    return answer


async def _let_in(request: PortalRequest, opened: Opened, typed: dict[str, str]) -> Response:
    """A new session, never the one that the browser came with."""
    await close_session(request)
    settings, is_parent = request.settings, isinstance(opened.person, Guardian)
    remembered = is_parent and "memoire" in typed
    answer = RedirectResponse(_goal(request, typed.get("suite", ""), opened.person), 303)
    signing.give_session(answer, settings, opened.secret, remembered)
    if remembered:
        signing.mark_device(answer, settings, opened.who)
    return answer


def _goal(request: PortalRequest, then: str, person: Person) -> str:
    """Where they wanted to go, if that is open to them."""
    path = then.partition("?")[0]
    for_staff = within(path, "/mairie")
    if isinstance(person, Guardian):
        return then if local(then) and path != "/" and not for_staff else PARENTS_HOME
    is_theirs = for_staff and not is_closed(request.menu, person, path)
    return then if local(then) and is_theirs else STAFF_HOME


def _missing(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not typed.get("identifiant", "").strip():
        errors["identifiant"] = "Saisissez votre nom d’utilisateur."
    if not typed.get("mot_de_passe"):
        errors["mot_de_passe"] = "Saisissez votre mot de passe."
    return errors


def _blocked(request: PortalRequest) -> str:
    phone = f"\u00a0: {request.commune.phone}" if request.commune else ""
    return f"Votre accès au portail est suspendu. Appelez la mairie{phone}."


def _wait(seconds: float) -> str:
    return f"Trop d’essais. Réessayez dans {wait(seconds)}."


async def _refuse(
    request: PortalRequest, typed: dict[str, str], errors: dict[str, str], status: int, wait: float = 0
) -> Response:
    """The form again, with what was typed except the password."""
    headers = {"Retry-After": str(-int(-wait // 1))} if wait else {}
    context = {
        "errors": errors,
        "name": typed.get("identifiant", ""),
        "remembered": "memoire" in typed,
        "then": typed.get("suite", ""),
    }
    return await _draw(request, "public/sign_in.html", context, status, headers)


async def _draw(
    request: PortalRequest,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    known = {
        "name": "",
        "remembered": False,
        "then": "",
        "passkey": ceremony.ask(Site(request.settings.base_url)),
        "demo": await _demo_accounts(request),
    }
    return render(request, template, known | (context or {}), status, headers)


async def _demo_accounts(request: PortalRequest) -> dict[str, Any] | None:
    """Whom one may play; nobody outside a demo."""
    if not request.settings.demo:
        return None
    newcomer = await demo_newcomer()
    return {"accounts": await demo_accounts(), "password": DEMO_PASSWORD, "newcomer": newcomer}
