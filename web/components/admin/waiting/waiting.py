"""« Liste d’attente »: who waits for which day, in which order."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.database import as_date, as_instant, rows
from web.page import render
from web.people import staff


@staff("leader")
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
