"""« /demo/courriels », « /demo/sms »: what a demo portal would have sent. Only with --demo."""

import re

from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.notifying.texts.text_message import TextMessage
from models.rules.states.texts import TextState
from models.work.email import Email
from web.http.auth import PortalRequest, anyone
from web.page.templates import render

SHOWN = 200
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


BECAME = {
    TextState.WAITING: "en attente",
    TextState.SENT: "envoyé",
    TextState.DELIVERED: "remis",
    TextState.FAILED: "échec",
}


@anyone
async def show(request: PortalRequest) -> Response:
    if not request.settings.demo:
        raise HTTPException(404)
    emails = await Email.all().order_by("-id").limit(SHOWN)
    return render(request, "demo_mail/page.html", {"emails": emails, "linked": linked})


@anyone
async def texts(request: PortalRequest) -> Response:
    if not request.settings.demo:
        raise HTTPException(404)
    found = await TextMessage.all().order_by("-id").limit(SHOWN)
    return render(request, "demo_mail/texts.html", {"texts": found, "became": BECAME})


def linked(text: str) -> Markup:
    """The text, escaped, with its addresses made into links."""
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{0}">{0}</a>').format(found[0]))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


routes = [Route("/demo/courriels", show), Route("/demo/sms", texts)]
