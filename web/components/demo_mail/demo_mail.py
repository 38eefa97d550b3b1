"""« /demo/courriels »: the e-mails a demo portal would have sent. Only with --demo."""

import re

from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.work.email import Email
from web.http.auth import PortalRequest, anyone
from web.page.templates import render

SHOWN = 200
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@anyone
async def show(request: PortalRequest) -> Response:
    if not request.settings.demo:
        raise HTTPException(404)
    emails = await Email.all().order_by("-id").limit(SHOWN)
    return render(request, "demo_mail/page.html", {"emails": emails, "linked": linked})


def linked(text: str) -> Markup:
    """The text, escaped, with its addresses made into links."""
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{0}">{0}</a>').format(found[0]))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


routes = [Route("/demo/courriels", show)]
