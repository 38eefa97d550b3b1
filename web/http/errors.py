"""An error as an answer: a page, or one sentence when htmx asked for a piece of one."""

from starlette.requests import Request
from starlette.responses import Response

from web.components.frame import frame
from web.http.auth import signed_out
from web.http.middleware import Outdated
from web.page.fragments import alert


async def trouble(request: Request, error: Exception) -> Response:
    if "hx-request" not in request.headers:
        return await frame.trouble(request, error)
    status = getattr(error, "status_code", 500)
    if isinstance(error, Outdated):
        return signed_out(request, status)
    sentence = frame.sentence(error)
    reference = request.scope.get("reference")
    return alert(f"{sentence} Référence\u00a0: {reference}." if reference else sentence, status)
