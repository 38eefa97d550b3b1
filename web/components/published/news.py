"""« Actualités »: all that is shown now, and each of them."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.publishing.news import News
from web.http.auth import PortalRequest, anyone
from web.page.templates import render


@anyone
async def show(request: PortalRequest) -> Response:
    return render(request, "published/news.html", {"news": await News.current(request.now.date())})


@anyone
async def one(request: PortalRequest) -> Response:
    """What is not shown yet, or no more, does not exist."""
    found = await News.shown(request.now.date()).get_or_none(id=request.number("id"))
    if found is None:
        raise HTTPException(404)
    return render(request, "published/article.html", {"one": found})


routes = [
    Route("/actualites", show, methods=["GET"]),
    Route("/actualites/{id:int}", one, methods=["GET"]),
]
