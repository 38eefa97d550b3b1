"""« Mentions légales » and « Données personnelles »: what the law asks of a public site."""

from starlette.responses import Response
from starlette.routing import Route

from web.http.auth import PortalRequest, anyone
from web.page.templates import render


@anyone
async def notice(request: PortalRequest) -> Response:
    return render(request, "published/legal.html")


@anyone
async def privacy(request: PortalRequest) -> Response:
    return render(request, "published/privacy.html")


routes = [
    Route("/mentions-legales", notice, methods=["GET"]),
    Route("/donnees-personnelles", privacy, methods=["GET"]),
]
