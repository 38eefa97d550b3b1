"""« Règlement »: what the commune's activities, deadlines, prices and places are, in words, for everybody."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.rulebook.version import Published, published
from web.http.auth import PortalRequest, anyone
from web.page.templates import render


@anyone
async def show(request: PortalRequest) -> Response:
    found = await _published(request)
    return render(request, "rulebook/page.html", {"rulebook": found.rulebook, "paper": found.paper})


@anyone
async def pdf(request: PortalRequest) -> Response:
    """The paper of what is in force; the page says while it is being drawn."""
    paper = (await _published(request)).paper
    if paper is None:
        return RedirectResponse("/reglement", 303)
    headers = {"content-disposition": f'attachment; filename="{paper.name}"', "cache-control": "no-cache"}
    return Response(bytes(paper.content), media_type="application/pdf", headers=headers)


routes = [
    Route("/reglement", show, methods=["GET"]),
    Route("/reglement/pdf", pdf, methods=["GET"]),
]


async def _published(request: PortalRequest) -> Published:
    try:
        return await published(await request.catalogue(), request.now)
    except LookupError:  # no commune is loaded yet
        raise HTTPException(404) from None
