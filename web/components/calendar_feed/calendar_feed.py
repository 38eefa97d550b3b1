"""« Mon calendrier »: the family's booked days in the parent's own calendar, under an address that is a secret."""

import secrets
from datetime import timedelta
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access.calendar_feed import CalendarFeed
from models.access.session import digest
from models.bookings.standing import standing
from models.rules.calendar import month
from web.components.calendar_feed.icalendar_file import written
from web.http import signing
from web.http.auth import ParentRequest, PortalRequest, anyone, parent
from web.http.forms import form, whole
from web.http.looking import only_themselves
from web.page.assets import kept
from web.page.templates import render

PLACE = "/compte/calendrier"
DONE = {
    "adresse": "Votre calendrier a une nouvelle adresse.",
    "supprime": "Votre calendrier n’a plus d’adresse.",
}


@parent
async def show(request: ParentRequest) -> Response:
    only_themselves(request.user)
    feed = await CalendarFeed.current(request.user.guardian.id)
    address = _address(request, feed) if feed else ""
    context = {
        "feed": feed,
        "address": address,
        "subscribing": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "google": f"https://calendar.google.com/calendar/r?cid={quote(address, safe='')}",
        "done": DONE.get(request.query_params.get("fait", "")),
    }
    return render(request, "calendar_feed/page.html", context)


@parent
async def renew(request: ParentRequest) -> Response:
    """An address, or another one: whoever had the former reads nothing any more."""
    before, seed = whole(str((await form(request)).get("remplace", ""))) or 0, secrets.token_urlsafe(32)
    secret = signing.calendar_secrets(request.settings, seed)[0]
    await CalendarFeed.renew(request.user.guardian, before, seed, secret, request.now)
    return RedirectResponse(f"{PLACE}?fait=adresse", 303)


@parent
async def close(request: ParentRequest) -> Response:
    id = whole(str((await form(request)).get("adresse", ""))) or 0
    if not await CalendarFeed.close(request.user.guardian, id, request.now):
        return RedirectResponse(PLACE, 303)
    return RedirectResponse(f"{PLACE}?fait=supprime", 303)


@anyone
async def read(request: PortalRequest) -> Response:
    """What a calendar program asks for: no session, the address is the key. From the month before this one on."""
    feed = await CalendarFeed.of(request.text("jeton"))
    if feed is None:
        raise HTTPException(404)
    catalogue = await request.catalogue()
    since = month(month(request.now.date())[0] - timedelta(days=1))[0]
    days = await standing(catalogue, feed.guardian.family_id, since)
    answer = kept(request, written(catalogue.commune, days), "text/calendar", "private, no-cache")
    answer.headers["x-robots-tag"] = "noindex"
    return answer


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, renew, methods=["POST"]),
    Route(f"{PLACE}/suppression", close, methods=["POST"]),
    Route("/calendrier/{jeton}.ics", read, methods=["GET"]),
]


def _address(request: ParentRequest, feed: CalendarFeed) -> str:
    """Empty when none of today's keys made it: it can only be changed then."""
    for secret in signing.calendar_secrets(request.settings, feed.seed):
        if digest(secret) == feed.digest:
            return f"{request.settings.base_url}/calendrier/{secret}.ics"
    return ""
