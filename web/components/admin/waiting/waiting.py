"""« Liste d’attente »: who waits for which day, in which order."""

from datetime import datetime
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.bookings import waiting_list
from models.bookings.waiting_list import Waiting
from models.french import plural
from web.http.auth import staff
from web.page.menu import Count, Entry
from web.page.templates import render


async def places(now: datetime) -> Count:
    """Children who wait for a day to come."""
    to_come = Waiting.filter(opening__day__gte=now.date())
    offered = await to_come.filter(state="offered").count()
    said = f"dont {plural(offered, 'place proposée', 'places proposées')}" if offered else ""
    return Count(await to_come.filter(state="waiting").count() + offered, said)


menu = Entry(
    "/mairie/liste-attente",
    "Liste d’attente",
    "clock",
    roles=("manager",),
    order=30,
    about="Qui attend une place, et son rang",
    count=places,
)


@staff(*menu.roles)
async def show(request: Request) -> Response:
    found = await waiting_list.listed(request.scope["now"])
    openings = [list(group) for _, group in groupby(found, key=lambda row: row.opening)]
    return render(request, "admin/waiting/page.html", {"openings": openings})


routes = [Route("/mairie/liste-attente", show)]
