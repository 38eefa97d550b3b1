"""« Liste d’attente »: who waits for which day, in which order."""

from datetime import datetime
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.database import as_date, as_instant, rows
from models.waiting import Waiting
from web.menu import Count, Entry
from web.page import render
from web.people import staff
from web.words import plural


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
    found = await rows(_WAITING)
    for row in found:
        row["day"], row["since"] = as_date(row["day"]), as_instant(row["since"])
        row["offered_until"] = as_instant(row["offered_until"])
    openings = [list(group) for _, group in groupby(found, key=lambda row: row["opening"])]
    return render(request, "admin/waiting/page.html", {"openings": openings})


_WAITING = """
SELECT waiting.opening_id AS opening, waiting.since, waiting.state, waiting.offered_until, booking.day,
  child.first_name, child.last_name, family.number, activity.name AS activity, slot.name AS slot,
  activity_group.name AS band, opening.places, opening.taken
FROM waiting JOIN booking ON booking.id = waiting.booking_id JOIN child ON child.id = booking.child_id
JOIN family ON family.id = booking.family_id JOIN opening ON opening.id = waiting.opening_id
JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN activity_group ON activity_group.id = opening.group_id
WHERE waiting.state IN ('waiting', 'offered')
ORDER BY booking.day, waiting.opening_id, waiting.priority DESC, waiting.since, waiting.id LIMIT 500
"""

routes = [Route("/mairie/liste-attente", show)]
