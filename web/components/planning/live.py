"""Both parents at once: an open planning is told that its family's days changed, and asks for them."""

import asyncio
import time
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from models.planning import grid
from models.planning.live import ticked_by_others
from web.components.planning.drawing import read, redrawn
from web.components.planning.place import MOST_WEEKS, Place, place_of
from web.components.planning.watch import Full, Page, Watch
from web.http.auth import ParentRequest, parent
from web.page.templates import part

LIFE = 120.0  # seconds: then the browser asks again, and its session is looked at
BEAT = 20.0  # seconds of silence: proxies let go of a connection on which nothing comes


@parent
async def follow(request: ParentRequest) -> Response:
    """The family's number, now and each time it moves, as server-sent events. 204: ask no more."""
    return Stream(request.app.state.watch, request.user.family.id)


@parent
async def changes(request: ParentRequest) -> Response:
    """Every cell of what the page shows (`jusque`: its last day), drawn as a tick's answer draws them.

    The page keeps to those that differ from what it shows.
    """
    catalogue, now = await request.catalogue(), request.now
    place = place_of(request, request.query_params, catalogue, now)
    try:
        shown = await read(request, catalogue, _whole(place, request.query_params.get("jusque", "")))
    except grid.NotHere:
        raise HTTPException(404) from None
    others = await ticked_by_others(request.user.family.id, request.user.guardian.id)
    return HTMLResponse(part(request, "planning/redrawn.html", redrawn(shown, place, others)))


def _whole(place: Place, last: str) -> Place:
    """With the weeks that were added below."""
    try:
        weeks = (date.fromisoformat(last) - place.first).days // 7 + 1
    except ValueError:
        return place
    return place.moved(weeks=min(max(weeks, 1), MOST_WEEKS)) if place.view == "semaine" else place


class Stream(Response):
    media_type = "text/event-stream"

    def __init__(self, watch: Watch, family: int) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._watch, self._family = watch, family

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._watch.page(self._family) as page:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                gone = asyncio.create_task(_gone(receive, page))
                try:
                    await self._tell(page, send)
                finally:
                    gone.cancel()
        except Full:
            await Response(status_code=204)(scope, receive, send)

    async def _tell(self, page: Page, send: Send) -> None:
        end = time.monotonic() + LIFE
        while (left := end - time.monotonic()) > 0:
            rang = await page.rings_within(min(BEAT, left))
            if page.over:
                break
            said = f"data: {self._watch.numbers[page.family]}" if rang else ":"
            await send({"type": "http.response.body", "body": f"{said}\n\n".encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive, page: Page) -> None:
    """The browser went."""
    while (await receive())["type"] != "http.disconnect":
        pass
    page.end()


routes = [Route("/planning/direct", follow), Route("/planning/direct/jours", changes)]
