"""Where an e-mail's « Ne plus recevoir » leads: no session, the address is the key. A GET changes nothing."""

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from models.notifying import choices
from models.notifying.choices import NoSuchLink, Unsubscribing
from web.components.notifications.words import WORDS
from web.http.auth import PortalRequest, anyone
from web.http.forms import form
from web.page.templates import render

ONE_CLICK = "List-Unsubscribe"


@anyone
async def ask(request: PortalRequest) -> Response:
    asked = await _asked(request)
    context = {"topic": WORDS[asked.topic.code].title, "done": asked.is_done, "guardian": asked.guardian}
    return render(request, "notifications/unsubscribe.html", context)


@anyone
async def stop(request: PortalRequest) -> Response:
    """By the page's button, or by a mail program (RFC 8058), which wants no page."""
    asked = await _asked(request)
    by_program = ONE_CLICK in await form(request)
    await choices.unsubscribe(asked, request.now)
    return PlainTextResponse("") if by_program else RedirectResponse(request.url.path, 303)


routes = [
    Route("/desabonnement/{jeton}", ask, methods=["GET"]),
    Route("/desabonnement/{jeton}", stop, methods=["POST"]),
]


async def _asked(request: PortalRequest) -> Unsubscribing:
    try:
        return await choices.unsubscribing(request.text("jeton"))
    except NoSuchLink:
        raise HTTPException(404) from None
