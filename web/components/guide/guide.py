"""« Guide d’utilisation »: each thing that a family does, step by step, with a picture, as page and PDF."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.money.issued_document import IssuedDocument
from models.rulebook.guide import guide, number
from models.rules.papers import Rulebook
from models.rules.states.documents import DocumentKind
from web.http.auth import PortalRequest, anyone
from web.page.assets import pictures
from web.page.templates import render

PLACE = "/aide/guide"


@anyone
async def show(request: PortalRequest) -> Response:
    said = await _guide(request)
    known = {"guide": said, "paper": await _paper(said), "pictures": pictures("guide-")}
    return render(request, "guide/page.html", known)


@anyone
async def pdf(request: PortalRequest) -> Response:
    """The paper of what the page says; the page says while it is being drawn."""
    paper = await _paper(await _guide(request))
    if paper is None:
        return RedirectResponse(PLACE, 303)
    headers = {"content-disposition": f'attachment; filename="{paper.name}"', "cache-control": "no-cache"}
    return Response(bytes(paper.content), media_type="application/pdf", headers=headers)


async def _guide(request: PortalRequest) -> Rulebook:
    try:
        return await guide(await request.catalogue(), request.now.date())
    except LookupError:  # no commune is loaded yet
        raise HTTPException(404) from None


async def _paper(said: Rulebook) -> IssuedDocument | None:
    return await IssuedDocument.of(DocumentKind.GUIDE, number(said))


routes = [
    Route("/aide/guide", show, methods=["GET"]),
    Route("/aide/guide/pdf", pdf, methods=["GET"]),
]
