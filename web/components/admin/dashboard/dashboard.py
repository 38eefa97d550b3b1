"""« Tableau de bord »: what waits for somebody of the mairie, and what their role opens."""

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings import day_sheet
from models.french import word
from models.rules.roles import ROLES
from web.http.auth import StaffRequest, member
from web.page.menu import STAFF_HOME, Count, Entry, entries_of
from web.page.templates import render

SEES_THE_DAY = ("manager", "kitchen", "leader")
NUMBERS = ("Rien", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf")

menu = Entry(STAFF_HOME, "Tableau de bord", "home", roles=ROLES, order=0)


@dataclass(frozen=True, slots=True)
class Tile:
    entry: Entry
    count: Count | None


@member
async def show(request: StaffRequest) -> Response:
    today, person, counts = request.now.date(), request.user, request.scope.get("counts", {})
    entries = [entry for entry in entries_of(request.menu, person.member) if entry != menu]
    tiles = [Tile(entry, counts.get(entry.href)) for entry in entries]
    known = {
        "today": today,
        "tiles": tiles,
        "waiting": _waiting(sum(1 for tile in tiles if tile.count and tile.count.number)),
        "day": await day_sheet.of(today) if person.may(SEES_THE_DAY) else None,
        "reads_only": set(person.member.roles) == {"reader"},
    }
    return render(request, "admin/dashboard/page.html", known)


@member
async def start(request: StaffRequest) -> Response:
    return RedirectResponse(STAFF_HOME, 303)


def _waiting(number: int) -> str:
    """« Deux choses vous attendent »."""
    if not number:
        return "Rien à traiter"
    said = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{said} {word(number, 'chose vous attend', 'choses vous attendent')}"


routes = [Route("/mairie", start), Route(STAFF_HOME, show)]
