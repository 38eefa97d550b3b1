"""The planning: the page, the weeks that follow, the ticks."""

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from models.planning import grid
from models.planning.live import numbers
from web.components.planning import answers, live, ticks, view
from web.components.planning.drawing import ahead, draw_page, drawn, read
from web.components.planning.place import place_of, place_start
from web.http.auth import ParentRequest, parent
from web.page.templates import fragment, render


@parent
async def show(request: ParentRequest) -> Response:
    catalogue, now = await request.catalogue(), request.now
    place = place_of(request, request.query_params, catalogue, now)
    family = request.user.family.id
    number = (await numbers([family]))[family]  # first: what comes later is told
    try:
        shown = await read(request, catalogue, place)
    except grid.NotHere:
        if place.id is not None:
            raise HTTPException(404) from None
        return render(request, "planning/empty.html", {"place": place})
    if not request.query_params.get("debut") and (first := ahead(shown[0])):
        place = place.moved(start=place_start(place.view, first))
        shown = await read(request, catalogue, place)
    lost = answers.lost(request.query_params.get("perdus"))
    return await draw_page(request, catalogue, place, shown, number=number, errors={"": lost} if lost else {})


@parent
async def more_weeks(request: ParentRequest) -> Response:
    """The cards of the next weeks, for a page that shows the ones before."""
    catalogue, now = await request.catalogue(), request.now
    place = place_of(request, request.query_params, catalogue, now)
    try:
        shown = await read(request, catalogue, place)
    except grid.NotHere:
        raise HTTPException(404) from None
    context = drawn(shown[0], place) | {"after": shown, "more": view.next_weeks(catalogue, place)}
    return HTMLResponse(fragment(request, "planning/weeks.html", context))


routes = [
    Route("/planning", show),
    Route("/planning/semaines", more_weeks),
    Route("/planning", ticks.validate, methods=["POST"]),
    Route("/planning/operations", ticks.operate, methods=["POST"]),
    Route("/planning/comme", ticks.repeat, methods=["POST"]),
    *live.routes,
]
