"""« Documents »: what the commune puts at everybody's disposal to download."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.publishing.published_document import PublishedDocument
from web.http.attachments import download
from web.http.auth import PortalRequest, anyone
from web.page.templates import render


@anyone
async def show(request: PortalRequest) -> Response:
    found = await PublishedDocument.current(request.now.date())
    return render(request, "published/documents.html", {"documents": found})


@anyone
async def file(request: PortalRequest) -> Response:
    """Saved and never shown, as every file that somebody sent."""
    found = await PublishedDocument.shown(request.now.date()).get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return download(found)


routes = [
    Route("/documents", show, methods=["GET"]),
    Route("/documents/{id:int}", file, methods=["GET"]),
]
