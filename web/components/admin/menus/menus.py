"""« Menus » of the mairie: a week as a sheet, dishes with their allergens; the last change can be undone."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.french import day_without_year, plural, quoted
from models.publishing.meal_menu import MealMenu, restaurants
from models.rules.calendar import week
from models.rules.menus.dishes import (
    ALLERGENS,
    DIETS,
    SIGNS,
    DishKind,
    Meal,
    Served,
    UnknownWord,
    WrongName,
    dishes_of,
    line_of,
)
from web.components.admin.menus import files
from web.components.admin.menus.place import FILE, PLACE, menu
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key, whole
from web.page.templates import render

SCHOOL_DAYS = 5  # Monday to Friday
LONGEST = 600  # letters of one field
KINDS = tuple(DishKind)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    monday = _monday(request.query_params.get("debut", ""), request.now.date())
    where = request.query_params.get("restaurant", "")
    if where and where not in await restaurants():
        raise HTTPException(404)
    return await _page(request, monday, where, _typed(await _served(monday, where)))


@staff(*menu.roles)
async def keep(request: StaffRequest) -> Response:
    """The whole week as it stands on the sheet: what has changed replaces what was there."""
    sent = await form(request)
    monday, where = _monday(str(sent.get("debut", "")), request.now.date()), str(sent.get("restaurant", ""))
    if where and where not in await restaurants():
        raise HTTPException(404)
    typed = {name: str(sent.get(name, ""))[:LONGEST] for name in _names(monday)}
    errors: dict[str, str] = {}
    said = [Served(day, _dishes(day, typed, errors), restaurant=where) for day in _days(monday)]
    if errors:
        return await _page(request, monday, where, typed, errors, 422)
    key = plain_key(sent, "click") or secrets.token_hex(8)
    changed = await MealMenu.keep(said, key, request.user.member, request.now)
    return RedirectResponse(f"{_address(monday, where)}&fait={changed}&cle={key}", 303)


@staff(*menu.roles)
async def undo(request: StaffRequest) -> Response:
    """What came with this key, be it a sheet or a file."""
    sent = await form(request)
    done = await MealMenu.undo(plain_key(sent, "id"), request.user.member, request.now)
    monday = _monday(str(sent.get("debut", "")), request.now.date())
    return RedirectResponse(f"{_address(monday, '')}&annule={'1' if done else '0'}", 303)


routes = [
    Route(PLACE, show),
    Route(PLACE, keep, methods=["POST"]),
    Route("/mairie/menus/annulation", undo, methods=["POST"]),
    *files.routes,
]


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=n) for n in range(SCHOOL_DAYS)]


def _name(day: date, kind: DishKind) -> str:
    """Of a field: « 2025-09-22-1 »."""
    return f"{day}-{KINDS.index(kind)}"


def _names(monday: date) -> list[str]:
    return [_name(day, kind) for day in _days(monday) for kind in KINDS]


async def _served(monday: date, where: str) -> list[Served]:
    found = await MealMenu.between(monday, monday + timedelta(days=SCHOOL_DAYS - 1))
    return [one for one in found if one.restaurant == where and one.meal is Meal.LUNCH]


def _typed(meals: list[Served]) -> dict[str, str]:
    return {
        _name(one.day, kind): line_of([dish for dish in one.dishes if dish.kind is kind])
        for one in meals
        for kind in KINDS
    }


def _dishes(day: date, typed: Mapping[str, str], errors: dict[str, str]) -> tuple[Any, ...]:
    found = []
    for kind in KINDS:
        name = _name(day, kind)
        try:
            found += dishes_of(kind, typed[name])
        except UnknownWord as unknown:
            told = f"{quoted(unknown.word)} n’est ni un allergène, ni un régime, ni un signe de qualité."
            errors[name] = f"{day_without_year(day).capitalize()}, {kind}\u00a0: {told}"
        except WrongName:
            told = "écrivez le nom du plat, puis ce qu’il contient entre crochets."
            errors[name] = f"{day_without_year(day).capitalize()}, {kind}\u00a0: {told}"
    return tuple(found)


def _monday(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = today
    return week(day if abs(day - today) < timedelta(days=366) else today)[0]


def _address(monday: date, where: str) -> str:
    return f"{PLACE}?debut={monday}" + (f"&restaurant={where}" if where else "")


async def _page(
    request: StaffRequest,
    monday: date,
    where: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    said = request.query_params
    changed = whole(said.get("fait"))
    done = "" if changed is None else f"{plural(changed, 'repas changé', 'repas changés')}."
    known = {
        "days": [(day, [(kind, _name(day, kind)) for kind in KINDS]) for day in _days(monday)],
        "monday": monday,
        "last": monday + timedelta(days=SCHOOL_DAYS - 1),
        "before": _address(monday - timedelta(days=7), where),
        "after": _address(monday + timedelta(days=7), where),
        "where": where,
        "restaurants": await restaurants(),
        "typed": typed,
        "errors": errors or {},
        "allergens": tuple(ALLERGENS),
        "others": (*DIETS, *SIGNS),
        "click": secrets.token_hex(8),
        "done": done
        or {"1": "C’est annulé.", "0": "Rien à annuler\u00a0: autre chose a changé depuis."}.get(
            said.get("annule", ""), ""
        ),
        "undoable": said.get("cle", "") if done and changed != 0 else "",
        "longest": LONGEST,
        "file": FILE,
        "place": PLACE,
    }
    return render(request, "admin/menus/page.html", known, status)
