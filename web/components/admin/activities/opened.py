"""The page of an activity, or of a draft of one: its tabs, each drawn from the same definition."""

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.activities.activity import Activity
from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition, calendar_of, flaws, read
from models.activity_file.draft import following
from models.activity_file.site import Site, site_of
from models.commune.school_year import SchoolYear
from models.presence import switching
from models.rules.deadlines import PARIS
from web.components.admin.activities import calendar, limits, preview, prices, words
from web.components.admin.activities.calendar import CALENDAR
from web.components.admin.activities.identity import IDENTITY, MEMBERSHIP
from web.components.admin.activities.limits import LIMITS
from web.components.admin.activities.place import PLACE, menu
from web.components.admin.activities.prices import PRICES
from web.components.admin.activities.sessions import SESSIONS
from web.components.admin.activities.sheet import Tab
from web.components.admin.kit.form import NOTHING, Day, Filled, fill
from web.components.admin.kit.wizard import Wizard
from web.http.auth import StaffRequest
from web.page.templates import render

TABS = (IDENTITY, SESSIONS, CALENDAR, LIMITS, PRICES, MEMBERSHIP)
TEMPLATES = {
    "identite": "fields", "adhesion": "fields", "seances": "sessions", "calendrier": "calendar", "delais": "limits",
    "tarifs": "prices",
}  # fmt: skip
PREVIEW = "apercu"
DAY, FROM = Day("jour", "Jour"), Day("apartir", "À partir du")


@dataclass(frozen=True, slots=True)
class Opened:
    """`seen` is the mark of what is in force; `definition` what the page shows."""

    id: int
    place: str  # its address, before that of a tab
    definition: Definition
    site: Site
    seen: str
    wizard: Wizard | None = None  # of a draft
    done: tuple[str, ...] = ()  # keys of the steps that were filled in

    @property
    def tabs(self) -> list[tuple[str, str, None]]:
        links = [(f"{self.place}/{tab.key}", tab.label, None) for tab in TABS]
        return [*links, (f"{self.place}/{PREVIEW}", "Aperçu", None)]


async def open_activity(request: StaffRequest) -> Opened:
    row = await Activity.get_or_none(id=request.number("id"))
    if row is None:
        raise HTTPException(404)
    definition = await read(row.id)
    site = await site_of(await SchoolYear.get(id=row.year_id))
    return Opened(row.id, f"{PLACE}/{row.id}", definition, site, definition.mark)


def tab_of(request: StaffRequest) -> Tab:
    found = next((tab for tab in TABS if tab.key == request.path_params["tab"]), None)
    if found is None:
        raise HTTPException(404)
    return found


async def show_tab(request: StaffRequest, opened: Opened, tab: Tab) -> Response:
    """As it is in force, or as its form says it now (`revoir`): nothing is written."""
    said = request.query_params
    if "revoir" not in said:
        return await draw(request, opened, tab, opened.definition, _clicked(tab, opened, said))
    reading = tab.read(said, opened.definition, opened.site)
    wanted, filled = reading.wanted, reading.filled
    day = fill((FROM,), said).of(FROM)
    if tab is PRICES and day and not filled.errors:
        wanted = prices.from_day(wanted, day)
        filled = Filled(dict(tab.typed(wanted, opened.site)), {}, {})
    return await draw(request, opened, tab, wanted, filled)


def _clicked(tab: Tab, opened: Opened, said: QueryParams) -> Filled:
    """What the form shows at first; of the calendar, with a day that was clicked."""
    definition, site = opened.definition, opened.site
    day = fill((DAY,), said).of(DAY)
    if tab is CALENDAR and day:
        turned = calendar.turned(definition, day)
        typed = dict(tab.typed(turned, site))
        if turned == definition:
            row = f"fermeture-{len(definition.closures)}"
            typed |= {f"{row}-du": str(day), f"{row}-au": str(day), f"{row}-motif": ""}
        return Filled(typed, {}, {})
    return Filled(dict(tab.typed(definition, site)), {}, {})


async def draw(
    request: StaffRequest,
    opened: Opened,
    tab: Tab,
    wanted: Definition,
    filled: Filled = NOTHING,
    status: int = 200,
) -> Response:
    known: dict[str, Any] = {
        "title": opened.definition.said.name or "Nouvelle activité",
        "opened": opened,
        "place": PLACE,
        "tab": tab,
        "address": f"{opened.place}/{tab.key}",
        "filled": filled,
        "errors": filled.errors,
        "done": "fait" in request.query_params,
        **steps_of(opened, tab.key),
        "words": words,
        "undoable": tab is IDENTITY
        and not opened.wizard
        and await switching.may_undo(opened.id, request.now),
    }
    known |= dict(tab.known(wanted, opened.site, filled)) | await _copy(opened)
    known |= await _beside(request, opened, tab, wanted, filled)
    return render(request, f"admin/activities/{TEMPLATES[tab.key]}.html", known, status)


async def _copy(opened: Opened) -> dict[str, Any]:
    """To which year it may be copied; the button's own name for a click."""
    year = None if opened.wizard else await following(opened.site.year.id)
    return {"copy_to": year, "click": secrets.token_hex(8)}


def steps_of(opened: Opened, key: str) -> dict[str, Any]:
    """What the page of a draft shows above its step; nothing for an activity."""
    step = opened.wizard.step(key) if opened.wizard else None
    return {"wizard": opened.wizard, "step": step, "steps_done": opened.done}


async def _beside(
    request: StaffRequest, opened: Opened, tab: Tab, wanted: Definition, filled: Filled
) -> dict[str, Any]:
    """What a tab shows of its definition, once it makes sense."""
    today = request.now.astimezone(PARIS).date()
    if tab is CALENDAR:
        shown = opened.definition if filled.errors else wanted
        address = f"{opened.place}/{tab.key}" if request.user.may(menu.roles, change=True) else ""
        site_calendar = await calendar_of(shown, opened.site.year)
        return {"months": calendar.year_view(shown, site_calendar, today, address)}
    if tab is LIMITS:
        if filled.errors or not wanted.said.book:
            return {"sentences": [], "week": []}
        found = await calendar_of(wanted, opened.site.year)
        return {
            "sentences": limits.sentences(wanted.said),
            "week": limits.example_week(wanted.said, found, today),
        }
    if tab is PRICES:
        return await preview.price_example(request, opened.site, wanted, filled)
    return {}


async def draw_preview(request: StaffRequest, opened: Opened) -> Response:
    """The planning week as a family would see it; nothing while the definition has mistakes."""
    said = opened.definition.said
    found = flaws(said, opened.site.bounds)
    known: dict[str, Any] = {
        "title": said.name or "Nouvelle activité",
        "opened": opened,
        "place": PLACE,
        "address": f"{opened.place}/{PREVIEW}",
        "flaws": words.all_said(found),
        "done": False,
        "said": said,
        **steps_of(opened, PREVIEW),
        **await _copy(opened),
        "words": words,
    }
    if not found:
        known |= await preview.parents_week(request, opened.site, opened.definition)
    return render(request, "admin/activities/preview.html", known)


def told(found: list[Mistake], tab: Tab) -> dict[str, str]:
    """Each mistake by the field of this tab that it is about; those of other tabs in one sentence."""
    errors: dict[str, str] = {}
    for mistake in found:
        name = tab.where(mistake)
        text = words.said(mistake)
        errors[name] = f"{errors[name]} {text}" if name in errors else text
    return errors
