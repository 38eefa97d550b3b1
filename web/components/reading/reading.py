"""« Aide à la lecture »: how pages are to be read, for everybody; an account keeps it for all its devices."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import guardian_account
from models.families.preferences import READING
from web.http.auth import Parent, PortalRequest, anyone
from web.http.forms import form
from web.page import reading
from web.page.templates import render

PLACE = "/lecture"
YEAR = 365 * 24 * 3600
UNCHOSEN = {"": "Choisissez une réponse à chaque question."}


@anyone
async def show(request: PortalRequest) -> Response:
    return _page(request)


@anyone
async def choose(request: PortalRequest) -> Response:
    """« Enregistrer », or « Tout remettre comme avant »."""
    sent = await form(request)
    usual = "remettre" in sent
    values = {one.key: one.usual if usual else str(sent.get(one.key, "")) for one in READING}
    if any(values[one.key] not in one.choices for one in READING):
        return _page(request, UNCHOSEN, 422)
    if isinstance(request.scope.get("user"), Parent):
        await guardian_account.prefer(request.scope["user"].guardian, values, READING)
    answer = RedirectResponse(f"{PLACE}?fait=1", 303)
    said, secure = reading.written(values), request.settings.secure
    life = YEAR if said else 0
    answer.set_cookie(reading.COOKIE, said, life, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _page(request: PortalRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    known = {
        "errors": errors or {},
        "preferences": READING,
        "chosen": reading.chosen(request),
        "done": "fait" in request.query_params,
    }
    return render(request, "reading/page.html", known, status)


routes = [Route(PLACE, show), Route(PLACE, choose, methods=["POST"])]
