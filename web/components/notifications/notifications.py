"""« Notifications »: what a parent was told lately; how they are told; an e-mail's way to be told less."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.french import day_without_year
from models.notifying.bell_entry import BellEntry
from models.rules.deadlines import PARIS
from models.rules.notices.topics import BY_KIND
from web.components.notifications import devices, preferences, unsubscribing
from web.components.notifications.words import WORDS
from web.http.auth import ParentRequest, parent
from web.page.templates import render

PLACE = "/notifications"


@dataclass(frozen=True, slots=True)
class Told:
    entry: BellEntry
    icon: str
    hour: str


@parent
async def show(request: ParentRequest) -> Response:
    entries = await BellEntry.lately(request.user.guardian.id, request.now)
    context = {"days": _by_day(entries, request.now), "unread": any(not entry.read_at for entry in entries)}
    return render(request, "notifications/page.html", context)


@parent
async def one(request: ParentRequest) -> Response:
    """To open it is to have read it, unless the browser only fetches ahead: the only thing that a look changes."""
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return Response(status_code=503)
    opened = BellEntry.path_of if request.user.viewer else partial(BellEntry.open, now=request.now)
    path = await opened(request.user.guardian.id, request.number("id"))
    if path is None:
        raise HTTPException(404)
    return RedirectResponse(path, 303)


@parent
async def read_all(request: ParentRequest) -> Response:
    await BellEntry.read_all(request.user.guardian, request.now)
    return RedirectResponse(PLACE, 303)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(f"{PLACE}/lues", read_all, methods=["POST"]),
    Route(f"{PLACE}/{{id:int}}", one, methods=["GET"]),
    *preferences.routes,
    *devices.routes,
    *unsubscribing.routes,
]


def _by_day(entries: Iterable[BellEntry], now: datetime) -> list[tuple[str, list[Told]]]:
    today = now.astimezone(PARIS).date()

    def said(entry: BellEntry) -> str:
        day = entry.at.astimezone(PARIS).date()
        return {0: "Aujourd’hui", 1: "Hier"}.get((today - day).days) or day_without_year(day).capitalize()

    return [(day, [_told(entry) for entry in some]) for day, some in groupby(entries, said)]


def _told(entry: BellEntry) -> Told:
    icon = WORDS[BY_KIND[entry.notice.kind].code].icon
    return Told(entry, icon, f"{entry.at.astimezone(PARIS):%H:%M}")
