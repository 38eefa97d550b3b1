"""« Absences »: which children will not come, day by day, as their parents said."""

from datetime import date, datetime, timedelta
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.checkout import absences
from web.http.auth import staff
from web.page.menu import Count, Entry
from web.page.templates import render

AHEAD = timedelta(days=60)
REASONS = {"sick": "maladie", "strike": "grève", "trip": "sortie scolaire", "other": "autre"}
OUTCOMES = {
    "credited": "annulé, avoir",
    "unbilled": "annulé, non facturé",
    "asked": "demande d’annulation en attente",
    "late": "hors délai, annulé et facturé",
    "kept": "hors délai, facturé",
}


async def today(now: datetime) -> Count:
    told = await absences.told_from(now.date(), now.date())
    return Count(len(told), "aujourd’hui")


menu = Entry(
    "/mairie/absences",
    "Absences",
    "sick",
    roles=("leader", "manager"),
    order=40,
    about="Les enfants qui ne viendront pas, jour par jour",
    count=today,
)


@staff(*menu.roles)
async def show(request: Request) -> Response:
    """From today on, or from the day that is asked for."""
    first = _day(request.query_params.get("debut"), request.scope["now"].date())
    found = await absences.told_from(first, first + AHEAD)
    days = [(day, list(group)) for day, group in groupby(found, key=lambda one: one.day)]
    known = {"first": first, "last": first + AHEAD, "days": days, "reasons": REASONS, "outcomes": OUTCOMES}
    return render(request, "admin/absences/page.html", known)


def _day(text: str | None, today: date) -> date:
    try:
        wanted = date.fromisoformat(text or "")
    except ValueError:
        return today
    return min(max(wanted, date(2000, 1, 1)), date(2200, 1, 1))


routes = [Route("/mairie/absences", show)]
