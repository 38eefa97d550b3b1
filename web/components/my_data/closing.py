"""« Supprimer mon compte en ligne »: what ends at once and what stays, the password, a word to type."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.sign_in import TooManyTries, WrongPassword
from models.accounts import closing
from models.french import wait
from models.rules.families.letters import fold
from web.http.auth import ParentRequest, PortalRequest, anyone, parent
from web.http.forms import form
from web.page.templates import render

PLACE, CLOSED = "/compte/suppression", "/compte-supprime"
WORD = "SUPPRIMER"
MISSING = "Saisissez votre mot de passe actuel."
WRONG = "Le mot de passe n’est pas le bon."


@parent
async def show(request: ParentRequest) -> Response:
    return _page(request)


@parent
async def close(request: ParentRequest) -> Response:
    sent = await form(request)
    password, typed = str(sent.get("actuel", "")), str(sent.get("mot", ""))
    errors = {} if password else {"actuel": MISSING}
    if fold(typed) != fold(WORD):
        errors["mot"] = f"Écrivez {WORD} pour confirmer."
    if errors:
        return _page(request, errors, 422)
    try:
        await closing.close(request.user.guardian, password, request.now)
    except WrongPassword:
        return _page(request, {"actuel": WRONG}, 422)
    except TooManyTries as exc:
        said, later = f"Trop d’essais. Réessayez dans {wait(exc.seconds)}.", str(-int(-exc.seconds // 1))
        return _page(request, {"actuel": said}, 429, {"Retry-After": later})
    return RedirectResponse(CLOSED, 303)


@anyone
async def closed(request: PortalRequest) -> Response:
    return render(request, "my_data/closed.html")


def _page(
    request: ParentRequest,
    errors: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return render(request, "my_data/closing.html", {"errors": errors or {}, "word": WORD}, status, headers)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, close, methods=["POST"]),
    Route(CLOSED, closed, methods=["GET"]),
]
