"""« Tarifs »: what each activity costs, from the tariffs that the portal applies."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.rulebook.price_list import price_sections
from web.http.auth import PortalRequest, anyone
from web.page.templates import render


@anyone
async def show(request: PortalRequest) -> Response:
    try:
        sections = price_sections(await request.catalogue(), request.now.date())
    except LookupError:  # no commune is loaded yet
        raise HTTPException(404) from None
    return render(request, "published/prices.html", {"sections": sections})


routes = [Route("/tarifs", show, methods=["GET"])]
