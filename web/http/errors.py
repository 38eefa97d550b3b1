"""An error as an answer: a page, or one sentence when htmx asked for a piece of one."""

from starlette.requests import Request
from starlette.responses import Response

from web.components.frame import frame
from web.http.auth import page_before, signed_out
from web.http.middleware import Outdated
from web.page.fragments import alert

IN_A_LIST = {  # of the mairie: its rows stay as they were drawn, whatever became of the click
    500: "Le portail a eu un problème. Rechargez la page pour voir ce qui est enregistré.",
    503: "Le portail est indisponible pour un moment. Rechargez la page dans quelques minutes "
    "pour voir ce qui est enregistré.",
}


async def trouble(request: Request, error: Exception) -> Response:
    if "hx-request" not in request.headers:
        return await frame.trouble(request, error)
    status = getattr(error, "status_code", 500)
    if isinstance(error, Outdated):
        return signed_out(request, status)
    sentence, link = frame.sentence(error), None
    if status >= 500 and request.url.path.startswith("/mairie"):
        sentence, page = IN_A_LIST[503 if status == 503 else 500], page_before(request)
        link = (
            ("Recharger la page", page.path + (f"?{page.query}" if page.query else "")) if page.path else None
        )
    reference = request.scope.get("reference")
    return alert(f"{sentence} Référence\u00a0: {reference}." if reference else sentence, status, link)
