"""« Classes absentes »: classes and days chosen once, what it cancels shown, then confirmed; taken back for a day."""

import secrets

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.class_events import affected, carrying_out, event_list
from models.class_events.carrying_out import PreviewChanged
from models.class_events.event_list import EventLine
from models.commune.school_year import SchoolYear
from models.french.class_events import KEPT, KINDS
from models.rules.states.class_events import ClassEventKind
from web.components.admin.class_events.asked import WORDS, Asked
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key
from web.page.menu import Entry
from web.page.templates import fragment, render

PLACE = "/mairie/classes-absentes"
NEW = f"{PLACE}/nouvelle"
CHANGED = (
    "Des réservations ont changé pendant votre lecture. Relisez ce qui va changer, puis confirmez de nouveau."
)

menu = Entry(
    PLACE,
    "Classes absentes",
    "kite",
    roles=("manager",),
    order=42,
    about="Une sortie, une grève\u00a0: annuler les jours d’une classe en une fois",
)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    known = {
        "lines": await event_list.events(),
        "kinds": KINDS,
        "new": NEW,
        "place": PLACE,
        "now": request.now,
    }
    return render(request, "admin/class_events/list.html", known)


@staff(*menu.roles)
async def new(request: StaffRequest) -> Response:
    return await _page(request, await _asked(request, FormData([*request.query_params.multi_items()])))


@staff(*menu.roles)
async def preview(request: StaffRequest) -> Response:
    """What it would do, asked for at each choice."""
    asked = await _asked(request, FormData([*request.query_params.multi_items()]))
    return HTMLResponse(fragment(request, "admin/class_events/answer.html", await _known(asked)))


@staff(*menu.roles)
async def make(request: StaffRequest) -> Response:
    """« Annuler ces 142 réservations »; with another button, another week is shown and nothing is done."""
    sent = await form(request)
    asked = await _asked(request, sent)
    if "confirmer" not in sent:
        return await _page(request, asked)
    if asked.errors:
        return await _page(request, asked, asked.errors)
    wish = carrying_out.Wish(ClassEventKind(asked.kind), asked.reach, asked.words, plain_key(sent, "click"))
    try:
        event = await carrying_out.begin(wish, str(sent.get("lu", "")), request.user.member.id, request.now)
    except PreviewChanged:
        return await _page(request, asked, {"": CHANGED})
    return RedirectResponse(f"{PLACE}/{event.id}", 303)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    line = await _line(request)
    known = await _of_line(request, line)
    return render(request, "admin/class_events/event.html", known)


@staff(*menu.roles)
async def progress(request: StaffRequest) -> Response:
    """What the page asks for again while families’ days are cancelled, or booked again."""
    line = await _line(request)
    if not line.moves():
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return HTMLResponse(fragment(request, "admin/class_events/moving.html", await _of_line(request, line)))


@staff(*menu.roles)
async def withdraw(request: StaffRequest) -> Response:
    line = await _line(request)
    done = await carrying_out.withdraw(line.event.id, request.user.member.id, request.now)
    return RedirectResponse(f"{PLACE}/{line.event.id}" + ("" if done else "?trop-tard=1"), 303)


async def _line(request: StaffRequest) -> EventLine:
    line = await event_list.event(request.number("id"))
    if line is None:
        raise HTTPException(404)
    return line


async def _of_line(request: StaffRequest, line: EventLine) -> dict[str, object]:
    schools = {school.code: school.name for school in (await request.catalogue()).schools.values()}
    return {
        "line": line,
        "event": line.event,
        "kind": KINDS[line.event.kind],
        "kept": KEPT,
        "classes": [
            (schools.get(school, school), [level for other, level in line.event.classes if other == school])
            for school in dict.fromkeys(school for school, _ in line.event.classes)
        ],
        "days": await event_list.days_of(line.event.id),
        "reversible": line.event.is_reversible(request.now),
        "too_late": "trop-tard" in request.query_params,
        "place": PLACE,
    }


async def _asked(request: StaffRequest, sent: FormData) -> Asked:
    year = await SchoolYear.current(request.now.date())
    if year is None:
        raise HTTPException(404)
    catalogue = await request.catalogue()
    activities = [one for one in catalogue.activities.values() if one.year == year.id]
    return Asked.of(sent, year, await event_list.classes_of(year.id), activities, request.now.date())


async def _known(asked: Asked) -> dict[str, object]:
    return {
        "asked": asked,
        "found": await affected.preview(asked.reach),
        "by_day": await affected.by_day(asked.reach_of_week),
        "oob": False,
        "new": NEW,
    }


async def _page(request: StaffRequest, asked: Asked, errors: dict[str, str] | None = None) -> Response:
    known = await _known(asked) | {
        "errors": errors or {},
        "kinds": KINDS,
        "words": WORDS,
        "click": secrets.token_hex(16),
        "place": PLACE,
    }
    return render(request, "admin/class_events/new.html", known, 422 if errors else 200)


routes = [
    Route(PLACE, show),
    Route(NEW, new),
    Route(NEW, make, methods=["POST"]),
    Route(f"{NEW}/apercu", preview),
    Route(f"{PLACE}/{{id:int}}", one),
    Route(f"{PLACE}/{{id:int}}/avancement", progress),
    Route(f"{PLACE}/{{id:int}}/retour", withdraw, methods=["POST"]),
]
