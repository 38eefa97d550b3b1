"""« Liste d’attente »: who waits for which day, in which order."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models import waiting
from web.page import render
from web.people import staff


@staff("leader")
async def show(request: Request) -> Response:
    found = await waiting.listed(request.scope["now"])
    openings = [list(group) for _, group in groupby(found, key=lambda row: row.opening)]
    return render(request, "admin/waiting/page.html", {"openings": openings})


routes = [Route("/mairie/liste-attente", show)]
