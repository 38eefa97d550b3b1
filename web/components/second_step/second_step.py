"""The second step of an agent's signing in: the code of their telephone, or one of recovery."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.member import Member
from models.access.sign_in import TooManyTries
from models.access.staff import second_step
from models.access.staff.second_step import StepOver, WrongCode
from models.french import wait
from web.http import signing
from web.http.addresses import local
from web.http.auth import PortalRequest, anyone
from web.http.forms import form
from web.http.network import network
from web.http.sessions import close_session
from web.page.menu import STAFF_HOME
from web.page.templates import render

PLACE = "/connexion/code"
MISSING = "Saisissez le code à 6 chiffres de votre téléphone."
WRONG = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."


@anyone
async def ask(request: PortalRequest) -> Response:
    try:
        await _awaited(request)
    except StepOver:
        return _again(request)
    return _draw(request, request.query_params.get("suite", ""))


@anyone
async def enter(request: PortalRequest) -> Response:
    sent = await form(request)
    typed, then = str(sent.get("code", "")), str(sent.get("suite", ""))
    try:
        member = await _awaited(request)
        if not typed.strip():
            return _draw(request, then, MISSING, 422)
        opened = await second_step.enter(
            member,
            typed,
            request.now,
            network=network(request),
            device=request.headers.get("user-agent", ""),
        )
    except StepOver:
        return _again(request)
    except WrongCode:
        return _draw(request, then, WRONG, 422)
    except TooManyTries as exc:
        retry = {"Retry-After": str(-int(-exc.seconds // 1))}
        return _draw(request, then, f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", 429, retry)
    await close_session(request)
    answer = RedirectResponse(then if local(then) else STAFF_HOME, 303)
    signing.give_session(answer, request.settings, opened.secret, remembered=False)
    signing.await_code(answer, request.settings, "")
    return answer


async def _awaited(request: PortalRequest) -> Member:
    return await second_step.awaited(signing.awaited_code(request.settings, request.cookies))


def _again(request: PortalRequest) -> Response:
    """The password once more: it was typed too long ago."""
    return RedirectResponse("/connexion", 303)


def _draw(
    request: PortalRequest,
    then: str,
    error: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    known = {"then": then, "errors": {"code": error} if error else {}}
    return render(request, "second_step/page.html", known, status, headers)


routes = [
    Route(PLACE, ask, methods=["GET"]),
    Route(PLACE, enter, methods=["POST"]),
]
