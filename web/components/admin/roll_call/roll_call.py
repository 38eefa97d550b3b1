"""« Pointage »: the roll of a service on a tablet, by taps that wait for the network; its close."""

from datetime import date, datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.activities.opening import Opening
from models.bookings.roll import closing, noting, parts, roll_list, unbooked
from models.bookings.roll.noting import Noted, Word
from models.bookings.roll.parts import Part
from models.bookings.roll.roll_list import RollLine, Service
from models.bookings.roll.unbooked import NotPossible
from models.rules.accounts import roll_pin
from models.rules.states.attendance import AttendanceState
from web.components.admin.kit.form import Day, fill
from web.components.admin.roll_call import shown_part, view, wire
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.fragments import alert
from web.page.menu import Count, Entry
from web.page.templates import fragment, render

PLACE = "/mairie/pointage"
DAY = Day("jour", "Jour")
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # that a page shows
CORRECT = ("manager",)  # who may still change a service that is closed


async def today(now: datetime) -> Count:
    services = await roll_list.services(now.date())
    left = sum(one.booked - one.called for one in services if one.closed_at is None)
    return Count(left, "à pointer aujourd’hui")


menu = Entry(
    PLACE,
    "Pointage",
    "clip",
    roles=("leader", "manager"),
    order=33,
    shows=("days",),
    about="L’appel de chaque service, sur une tablette, sans réseau aussi",
    count=today,
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    """The service that is asked for; else the one of this hour. Of a long roll a part, the one that is asked for."""
    return await _page(request)


@staff(*menu.roles)
async def state(request: StaffRequest) -> Response:
    """What the other tablets have said, for a page that is open."""
    opening = await _opening(whole(request.query_params.get("service")) or 0)
    return await _marks(request, opening, None)


@staff(*menu.roles)
async def note(request: StaffRequest) -> Response:
    """Words about children: one tap, the fields of a child, or all that a tablet kept without a network."""
    sent = await form(request)
    fields = [(name, str(value)) for name, value in sent.multi_items()]
    try:
        words = wire.words(fields, request.now)
    except wire.Unreadable:
        return alert(view.UNREADABLE, 422)
    told = await _note(request, words)
    opening = await _opening(whole(sent.get("service")) or 0)
    if request.is_htmx:
        return await _marks(request, opening, view.refused(told))
    if said := view.refused(told):
        return await _page(request, opening, said, 422)
    return RedirectResponse(_address(request, opening), 303)


@staff(*menu.roles)
async def everybody(request: StaffRequest) -> Response:
    """« Tous présents »: whoever of these was not called, and whose absence nobody told."""
    opening = await _opening(request.number("id"))
    lines = await roll_list.of(opening.id, shown_part.asked(request.query_params))
    there = [line for line in lines if not line.is_called and not line.told]
    state, now = AttendanceState.PRESENT, request.now
    words = [Word(line.child, line.slot, line.day, "presence", state, now) for line in there]
    if said := view.refused(await _note(request, words)):
        return await _page(request, opening, said, 422)
    return RedirectResponse(_address(request, opening), 303)


@staff(*menu.roles)
async def close(request: StaffRequest) -> Response:
    opening = await _opening(request.number("id"))
    try:
        await closing.close(await request.catalogue(), opening, request.user.member.id, request.now)
    except closing.NotYet:
        return await _page(request, opening, view.NOT_YET, 422)
    return RedirectResponse(_address(request, opening), 303)


@staff(*menu.roles)
async def add(request: StaffRequest) -> Response:
    """A child that nobody had booked."""
    opening = await _opening(request.number("id"))
    enrolment = whole((await form(request)).get("inscription")) or 0
    corrects = request.user.may(CORRECT, change=True)
    where = (enrolment, opening.slot_id, opening.day, request.user.member.id, request.now)
    try:
        await unbooked.add(await request.catalogue(), *where, corrects=corrects)
    except NotPossible as exc:
        return await _page(request, opening, view.NOT_ADDED[exc.why], 422)
    return RedirectResponse(await _address_with(request, opening, enrolment), 303)


async def _note(request: StaffRequest, words: list[Word]) -> Noted:
    corrects = request.user.may(CORRECT, change=True)
    return await noting.note(
        await request.catalogue(), words, request.user.member.id, request.now, corrects=corrects
    )


async def _opening(id: int) -> Opening:
    found = await Opening.get_or_none(id=id)
    if found is None:
        raise HTTPException(404)
    return found


def _address(request: StaffRequest, opening: Opening) -> str:
    part = shown_part.query(shown_part.asked(request.query_params))
    return f"{PLACE}?jour={opening.day}&service={opening.id}{part}"


async def _address_with(request: StaffRequest, opening: Opening, enrolment: int) -> str:
    """Where this child is called: where only a part is shown, its class."""
    if shown_part.asked(request.query_params) in (None, Part()):
        return _address(request, opening)
    part = await roll_list.part_of(opening.id, enrolment)
    return f"{PLACE}?jour={opening.day}&service={opening.id}{shown_part.query(part)}"


async def _marks(request: StaffRequest, opening: Opening, said: str | None) -> Response:
    lines = await roll_list.of(opening.id, shown_part.asked(request.query_params))
    [service] = [one for one in await roll_list.services(opening.day) if one.opening == opening.id]
    known = {"lines": lines, "service": service, "wire": wire, "said": said}
    return HTMLResponse(fragment(request, "admin/roll_call/answer.html", known))


async def _page(
    request: StaffRequest, opening: Opening | None = None, said: str = "", status: int = 200
) -> Response:
    asked = request.query_params
    filled = fill((DAY,), asked)
    chosen = opening.id if opening else whole(asked.get("service"))
    day = opening.day if opening else filled.of(DAY) or request.now.date()
    day = day if FIRST <= day <= LAST else request.now.date()
    services = await roll_list.services(day)
    shown = next((one for one in services if one.opening == chosen), None) or view.usual(
        services, request.now
    )
    classes = await parts.classes(shown.opening) if shown else []
    part = parts.shown(classes, shown_part.asked(asked), shown_part.remembered(request))
    lines = await roll_list.of(shown.opening, part) if shown else []
    context = {
        "asked": DAY,
        "errors": filled.errors,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "services": services,
        "shown": shown,
        "lines": lines,
        "schools": shown_part.schools(classes, part),
        "classes": shown_part.classes(classes, part),
        "part": part,
        "query": shown_part.query,
        "at": shown_part.query(part).replace("&", "?", 1),
        "counts": roll_list.counts(lines),
        "said": said,
        "view": view,
        "wire": wire,
        **await _may(request, shown, lines),
        **_cover(request),
    }
    return shown_part.remember(request, render(request, "admin/roll_call/page.html", context, status), part)


def _cover(request: StaffRequest) -> dict[str, Any]:
    """What hides the page while nobody touches it, where the commune asks it and this agent has a code."""
    asked = request.commune is not None and request.commune.roll_pin
    pin = roll_pin.read(request.user.member.roll_pin) if asked else None
    return {"pin": pin, "no_pin": asked and pin is None, "idle": roll_pin.IDLE, "tries": roll_pin.TRIES}


async def _may(request: StaffRequest, shown: Service | None, lines: list[RollLine]) -> dict[str, Any]:
    """What somebody may do in the service that is shown, and the children that they look for."""
    if shown is None:
        return {"calls": False, "corrects": False, "timed": False, "search": "", "found": [], "come": False}
    catalogue, search = await request.catalogue(), request.query_params.get("recherche", "").strip()[:80]
    slot, activity = catalogue.slots[shown.slot], catalogue.activity_of(shown.slot)
    day = lines[0].day if lines else (await _opening(shown.opening)).day
    corrects = request.user.may(CORRECT, change=True)
    come = day <= request.now.date()
    return {
        "calls": come and request.user.may(menu.roles, change=True) and (corrects or not shown.closed_at),
        "corrects": corrects,
        "come": come,
        "timed": slot.timing is not None
        or slot.late_pickup is not None
        or activity.kind in ("care", "leisure"),
        "search": search,
        "found": await unbooked.candidates(activity.id, day, search),
    }


routes = [
    Route(PLACE, show),
    Route("/mairie/pointage/etat", state),
    Route("/mairie/pointage/mots", note, methods=["POST"]),
    Route("/mairie/pointage/{id:int}/presents", everybody, methods=["POST"]),
    Route("/mairie/pointage/{id:int}/cloture", close, methods=["POST"]),
    Route("/mairie/pointage/{id:int}/enfants", add, methods=["POST"]),
]
