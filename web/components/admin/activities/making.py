"""A new activity in five steps: a draft that nobody else sees, kept at each step, looked at, then published."""

import secrets
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activities.activity import Activity
from models.activities.definition.checks import mistakes
from models.activities.definition.description import Activity as Description
from models.activities.definition.mistake import Mistake
from models.activity_file import activity_list, draft
from models.activity_file.change import ChangedMeanwhile, Mistaken
from models.activity_file.draft import ActivityDraft
from models.activity_file.site import site_of
from models.commune.school_year import SchoolYear
from models.commune.till import Till
from models.rules.deadlines import PARIS
from web.components.admin.activities.calendar import CALENDAR
from web.components.admin.activities.identity import IDENTITY, NAME
from web.components.admin.activities.limits import LIMITS
from web.components.admin.activities.opened import (
    PREVIEW,
    Opened,
    draw,
    draw_preview,
    show_tab,
    told,
)
from web.components.admin.activities.place import PLACE, menu
from web.components.admin.activities.prices import PRICES
from web.components.admin.activities.sessions import SESSIONS
from web.components.admin.activities.sheet import Tab
from web.components.admin.kit.form import Choice, Filled, OneOf, fill
from web.components.admin.kit.wizard import Step, Wizard
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key
from web.page.templates import render

NEW, DRAFTS = f"{PLACE}/nouvelle", f"{PLACE}/brouillons"
STEPS = (IDENTITY, SESSIONS, CALENDAR, LIMITS, PRICES)
MEANWHILE = "Un autre agent a modifié ce brouillon. Relisez-le, puis recommencez."
LATER = {
    IDENTITY.key: (),
    SESSIONS.key: ("", "care_part"),
    CALENDAR.key: (),
    LIMITS.key: ("late",),
    PRICES.key: (),
}


@staff(*menu.roles)
async def offer(request: StaffRequest) -> Response:
    return await _offer(request, Filled({}, {}, {}))


@staff(*menu.roles)
async def begin(request: StaffRequest) -> Response:
    """A draft of its own: empty, with a name and a year; or an activity of the year before, for the year after."""
    sent = await form(request)
    filled = fill((NAME, await _years(request)), sent)
    if filled.errors:
        return await _offer(request, filled, 422)
    year = await SchoolYear.get(id=int(filled.values["annee"]))
    till = await Till.filter(implicit=False).order_by("position").first()
    said = draft.blank(year, till.code if till else None, filled.values["nom"])
    click = plain_key(sent, "click") or secrets.token_hex(8)
    row = await ActivityDraft.begin(click, year, said, request.user.member.id, request.now)
    return RedirectResponse(f"{DRAFTS}/{row.id}/{IDENTITY.key}", 303)


@staff(*menu.roles)
async def copy(request: StaffRequest) -> Response:
    """« Dupliquer pour l’année prochaine »."""
    activity, sent = await Activity.get_or_none(id=request.number("id")), await form(request)
    year = await draft.following(activity.year_id) if activity else None
    if activity is None or year is None:
        raise HTTPException(404)
    said = await draft.copied(activity.id, year)
    click = plain_key(sent, "click") or secrets.token_hex(8)
    row = await ActivityDraft.begin(click, year, said, request.user.member.id, request.now)
    return RedirectResponse(f"{DRAFTS}/{row.id}/{IDENTITY.key}", 303)


@staff(*menu.roles)
async def step(request: StaffRequest) -> Response:
    opened, _ = await _opened(request)
    return await show_tab(request, opened, _step(request))


@staff(*menu.roles)
async def as_a_parent(request: StaffRequest) -> Response:
    opened, _ = await _opened(request)
    return await draw_preview(request, opened)


@staff(*menu.roles)
async def keep(request: StaffRequest) -> Response:
    """Kept, and on to the next step; shown again where something of this step is wrong."""
    (opened, row), tab, sent = await _opened(request), _step(request), await form(request)
    reading = tab.read(sent, opened.definition, opened.site)
    errors = dict(reading.filled.errors) or told(_flaws(opened, tab, reading.wanted.said), tab)
    if errors:
        filled = replace(reading.filled, errors=errors)
        return await draw(request, opened, tab, reading.wanted, filled, 422)
    try:
        if sent.get("lu") != opened.seen:
            raise ChangedMeanwhile
        await row.keep(reading.wanted, tab.key, request.user.member.id, request.now)
    except ChangedMeanwhile:
        filled = replace(reading.filled, errors={"": MEANWHILE})
        return await draw(request, opened, tab, reading.wanted, filled, 409)
    after = next(iter(STEPS[STEPS.index(tab) + 1 :]), None)
    return RedirectResponse(f"{opened.place}/{after.key if after else PREVIEW}", 303)


@staff(*menu.roles)
async def publish(request: StaffRequest) -> Response:
    opened, row = await _opened(request)
    try:
        activity = await row.publish(request.user.member.id, request.now)
    except Mistaken:
        return await draw_preview(request, opened)  # which says what is missing
    return RedirectResponse(f"{PLACE}/{activity}/identite?fait=1", 303)


routes = [
    Route(NEW, offer),
    Route(NEW, begin, methods=["POST"]),
    Route("/mairie/activites/{id:int}/copie", copy, methods=["POST"]),
    Route("/mairie/activites/brouillons/{id:int}/apercu", as_a_parent),
    Route("/mairie/activites/brouillons/{id:int}/publication", publish, methods=["POST"]),
    Route("/mairie/activites/brouillons/{id:int}/{tab}", step),
    Route("/mairie/activites/brouillons/{id:int}/{tab}", keep, methods=["POST"]),
]


async def _opened(request: StaffRequest) -> tuple[Opened, ActivityDraft]:
    row = await ActivityDraft.get_or_none(id=request.number("id"))
    if row is None:
        raise HTTPException(404)
    definition = row.definition
    place = f"{DRAFTS}/{row.id}"
    site = await site_of(await SchoolYear.get(id=row.year_id), fresh=True)
    wizard = Wizard(place, tuple(Step(tab.key, tab.label) for tab in STEPS))
    return Opened(row.id, place, definition, site, definition.mark, wizard, tuple(row.done)), row


def _step(request: StaffRequest) -> Tab:
    found = next((tab for tab in STEPS if tab.key == request.path_params["tab"]), None)
    if found is None:
        raise HTTPException(404)
    return found


def _flaws(opened: Opened, tab: Tab, said: Description) -> list[Mistake]:
    """What this step can mend; what a later one says is not asked yet."""
    later = LATER[tab.key]
    found = mistakes(said, opened.site.bounds)
    return [mistake for mistake in found if tab.where(mistake) and mistake.key not in later]


async def _years(request: StaffRequest) -> OneOf:
    """The current year first."""
    current = await SchoolYear.current(request.now.astimezone(PARIS).date())
    years = sorted(await activity_list.years(), key=lambda year: year != current)
    choices = tuple(Choice(str(year.id), year.name) for year in years)
    return OneOf("annee", "Année scolaire", missing="Choisissez une année.", choices=choices)


async def _offer(request: StaffRequest, filled: Filled, status: int = 200) -> Response:
    known = {
        "fields": (NAME, await _years(request)),
        "filled": filled,
        "errors": filled.errors,
        "place": PLACE,
        "action": NEW,
        "click": secrets.token_hex(8),
    }
    return render(request, "admin/activities/new.html", known, status)
