"""« Tableau de bord »: what waits for somebody of the mairie, and what their role opens."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.day import day_schools, day_sheet
from models.french import word
from models.money.takings import of_months
from models.rules.roles import ROLES
from web.components.admin.dashboard import view
from web.components.admin.kit.form import Choice, OneOf
from web.http.auth import StaffRequest, member
from web.http.forms import whole
from web.page.menu import STAFF_HOME, Count, Entry, entries_of
from web.page.templates import render

SLOT, ROLL = "creneau", "/mairie/pointage"
SEES_THE_DAY = ("manager", "kitchen", "leader")
SEES_THE_MONEY = ("manager", "cashier")
NUMBERS = ("Rien", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf")

menu = Entry(STAFF_HOME, "Tableau de bord", "home", roles=ROLES, order=0)


@dataclass(frozen=True, slots=True)
class Tile:
    entry: Entry
    count: Count


@member
async def show(request: StaffRequest) -> Response:
    person, counts = request.user, request.scope.get("counts", {})
    entries = [entry for entry in entries_of(request.menu, person.member) if entry != menu]
    tiles = [Tile(entry, counts[entry.href]) for entry in entries if entry.href in counts]
    waiting = [tile for tile in tiles if tile.count.number]
    context = {
        "today": request.now.date(),
        "tiles": waiting,
        "calm": [tile.entry for tile in tiles if not tile.count.number],
        "waiting": _waiting(len(waiting)),
        "children": await _children(request) if person.may(SEES_THE_DAY) else None,
        "takings": await _takings(request.now.date()) if person.may(SEES_THE_MONEY) else None,
        "calls": any(entry.href == ROLL for entry in entries),
        "reads_only": set(person.member.roles) == {"reader"},
    }
    return render(request, "admin/dashboard/page.html", context)


async def _children(request: StaffRequest) -> dict[str, Any]:
    """The two weeks of one slot, and today's slots."""
    now, (first, last) = request.now, view.weeks_of(request.now.date())
    sheet, counted = await day_sheet.between(first, last), await day_schools.between(first, last)
    slots, catalogue = view.slots_of(sheet), await request.catalogue()
    slot = view.chosen(slots, sheet, whole(request.query_params.get(SLOT)))
    days = view.days_of(catalogue, sheet, slot, counted, first) if slot else []
    choices = tuple(Choice(str(one.id), view.named(one, slots)) for one in slots)
    return {
        "asked": OneOf(SLOT, "Créneau", choices=choices),
        "next": view.next_closing(catalogue, sheet, now),
        "slots": slots,
        "slot": slot,
        "days": days,
        "schools": view.schools_of(counted, slot) if slot else [],
        "plot": view.plot_of_days(days, now) if days else None,
        "today": [one for one in sheet if one.day == now.date() and one.booked],
        "today_schools": [one for one in counted if one.day == now.date() and one.school],
        "fills": view.fills_of(catalogue, sheet, now),
    }


async def _takings(today: date) -> dict[str, Any]:
    """The last three months, and this one till by till."""
    firsts = view.months_of(today)
    takings = await of_months(firsts)
    months = view.sums_of(takings, firsts)
    return {
        "months": months,
        "plot": view.plot_of_months(months, today),
        "names": view.tills_of(takings) if months[-1].tills else [],
        "tills": [one for one in takings if one.month == firsts[-1]],
    }


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
