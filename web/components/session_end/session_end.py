"""How long one's session still lives: asked by the page before it ends, which is no use of it, and used to stay."""

from starlette.responses import Response
from starlette.routing import Route

from models.clock import real
from web.http.auth import PortalRequest, Visitor, anyone, sign_in_address
from web.page.templates import render

PLACE = "/session/fin"
WARNED = 120  # seconds before the end


@anyone
async def look(request: PortalRequest) -> Response:
    """`web/http/middleware.py` does not count this as a visit: a page that asks by itself keeps nobody signed in.

    `?script`: for the planning, which loads what warns only when it is due.
    """
    if "script" not in request.query_params:
        return _draw(request)
    left = 0.0 if isinstance(request.user, Visitor) else request.user.session.left(real())
    return render(request, "session_end/script.html", {"left": int(left)})


@anyone
async def stay(request: PortalRequest) -> Response:
    """Somebody is there: to send it is a visit like any other."""
    return _draw(request)


routes = [Route(PLACE, look, methods=["GET"]), Route(PLACE, stay, methods=["POST"])]


def _draw(request: PortalRequest) -> Response:
    user = request.user
    if isinstance(user, Visitor):
        known = {"state": "ended", "left": 0, "address": sign_in_address(request)}
        return render(request, "session_end/dialog.html", known)
    left, moment = user.session.left(real()), real()
    state = "alive" if left > WARNED else "ending"
    known = {"state": state, "left": int(left), "stays": not user.session.is_at_its_longest(moment)}
    return render(request, "session_end/dialog.html", known)
