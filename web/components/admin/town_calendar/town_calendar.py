"""« Calendrier »: the year of the commune at a glance; a day closed to all, or opened again, once it is read."""

from dataclasses import replace
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activity_file import activity_list, town_closure
from models.activity_file.town_closure import Closing, NotClosed, TownImpact, Unread
from models.activity_file.town_year import TownYear, town_year
from models.commune.school_year import SchoolYear
from models.french import plural
from models.french.class_events import UNANSWERED
from models.rules.deadlines import PARIS
from web.components.admin.kit.form import BACKWARDS, NOTHING, Day, Filled, Text, Word, fill
from web.components.admin.kit.year import YearDay, YearMonth, months_of
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.menu import Entry
from web.page.templates import render

PLACE = "/mairie/calendrier"
menu = Entry(
    PLACE,
    "Calendrier",
    "sunrise",
    roles=("manager",),
    order=28,
    about="Vacances, jours fériés et fermetures de toute la commune",
)
KINDS = {
    "open": "école",
    "off": "pas d’école ce jour-là",
    "part": "fermé pour certains",
    "closed": "fermé par la mairie",
    "public": "férié",
    "holiday": "vacances",
}
UNTIL = Day("au", "Jusqu’au", "Ce jour-là compris.", "Choisissez le dernier jour.")
REASON = Text("motif", "Motif", "Les familles le lisent sur leur planning.", "Dites pourquoi.", longest=200)
WORD = Word("mot", "Écrivez FERMER", "", "Écrivez FERMER pour continuer.", word="FERMER")
OUTSIDE = "Choisissez un jour de cette année scolaire."
OVER = "Ce jour est passé, ou c’est aujourd’hui\u00a0: il ne se ferme plus."


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    """A school year; the current one when none is asked for."""
    years, today = await activity_list.years(), request.now.astimezone(PARIS).date()
    asked = request.query_params.get("annee", "")
    current = await SchoolYear.current(today)
    year = next((one for one in years if str(one.id) == asked), current)
    known: dict[str, Any] = {"years": years, "year": year, "months": []}
    if year is not None:
        known["months"] = _months(await town_year(year), today)
    known |= {"kinds": KINDS, "place": PLACE, "done": request.query_params.get("fait", "")}
    return render(request, "admin/town_calendar/year.html", known)


def _months(year: TownYear, today: date) -> list[YearMonth]:
    def drawn(day: date) -> YearDay:
        one = year.day(day)
        kind = "" if one.kind == "holiday" else KINDS.get(one.kind, "")
        booked = plural(one.booked, "réservation") if one.booked else ""
        said = ", ".join(part for part in (kind, one.reason, booked) if part)
        turns = day > today and one.kind not in ("public", "never")
        return YearDay(day, one.kind, said, f"{PLACE}/{day}" if turns else "")

    return months_of(year.year.starts, year.last, drawn)


@staff(*menu.roles)
async def one_day(request: StaffRequest) -> Response:
    year, day = await _asked(request)
    return await _draw(request, year, day, Filled({"au": day.isoformat()}, {}, {}))


@staff(*menu.roles)
async def close(request: StaffRequest) -> Response:
    """Closed, or shown again with what is wrong, or with what it would cancel."""
    (year, day), sent = await _asked(request), await form(request)
    filled = fill((UNTIL, REASON), sent)
    until, errors = filled.of(UNTIL), dict(filled.errors)
    if until is not None and until < day:
        errors["au"] = BACKWARDS
    elif until is not None and not year.starts <= until <= _last(year):
        errors["au"] = OUTSIDE
    if day <= request.now.astimezone(PARIS).date():
        errors[""] = OVER
    if errors or until is None:
        return await _draw(request, year, day, replace(filled, errors=errors), 422)
    closing = Closing(year, day, until, filled.of(REASON) or "")
    word = fill((WORD,), sent)
    confirmed = "" if word.errors else str(sent.get("confirme", ""))
    try:
        await town_closure.close(closing, confirmed, request.user.member.id, request.now)
    except Unread as unread:
        tried = word if str(sent.get("confirme", "")) == unread.impact.mark else NOTHING
        return _confirm(request, closing, unread.impact, tried)
    return RedirectResponse(f"{PLACE}?annee={year.id}&fait=ferme", 303)


@staff(*menu.roles)
async def reopen(request: StaffRequest) -> Response:
    year, day = await _asked(request)
    await form(request)
    try:
        await town_closure.lift(year, day, request.user.member.id, request.now)
    except NotClosed:
        raise HTTPException(404) from None
    return RedirectResponse(f"{PLACE}?annee={year.id}&fait=rouvert", 303)


async def _asked(request: StaffRequest) -> tuple[SchoolYear, date]:
    """The day of the address, and the school year that holds it. Raises HTTPException 404."""
    try:
        day = date.fromisoformat(request.path_params["jour"])
    except ValueError:
        raise HTTPException(404) from None
    for year in await activity_list.years():
        if year.starts <= day <= _last(year):
            return year, day
    raise HTTPException(404)


def _last(year: SchoolYear) -> date:
    return date(year.starts.year + 1, 8, 31)


async def _draw(
    request: StaffRequest, year: SchoolYear, day: date, filled: Filled, status: int = 200
) -> Response:
    shown = await town_year(year)
    known = {
        "year": year,
        "shown": shown.day(day),
        "whole": await town_closure.whole_closures(year, day),
        "ahead": day > request.now.astimezone(PARIS).date(),
        "fields": (UNTIL, REASON),
        "filled": filled,
        "errors": filled.errors,
        "kinds": KINDS | {"never": "hors de l’année scolaire"},
        "place": PLACE,
    }
    return render(request, "admin/town_calendar/day.html", known, status)


def _confirm(request: StaffRequest, closing: Closing, impact: TownImpact, tried: Filled) -> Response:
    """What it would cancel, in figures; the form that was sent comes along, hidden."""
    known = {
        "closing": closing,
        "impact": impact,
        "states": UNANSWERED,
        "word": WORD,
        "filled": tried,
        "errors": tried.errors,
        "place": PLACE,
    }
    return render(request, "admin/town_calendar/confirm.html", known, 422 if tried.errors else 409)


routes = [
    Route(PLACE, show),
    Route("/mairie/calendrier/{jour}", one_day),
    Route("/mairie/calendrier/{jour}/fermeture", close, methods=["POST"]),
    Route("/mairie/calendrier/{jour}/ouverture", reopen, methods=["POST"]),
]
