"""« Menus »: a week of the canteen with its allergens, and all of it as open data."""

from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from models.family_file.parents.meal_warnings import allergic_children
from models.publishing.front_page import week_of_menus
from models.publishing.meal_menu import MealMenu
from models.rules.menus.scdl import Publisher, file_of
from web.http.auth import Parent, PortalRequest, anyone
from web.page.templates import render

PLACE = "/menus"
FURTHEST = timedelta(days=366)  # from today, either way


@anyone
async def show(request: PortalRequest) -> Response:
    today, user = request.now.date(), request.scope.get("user")
    week = await week_of_menus(_day(request.query_params.get("debut", ""), today))
    known = {
        "menus": week,
        "today": today,
        "before": f"{PLACE}?debut={week.monday - timedelta(days=7)}",
        "after": f"{PLACE}?debut={week.monday + timedelta(days=7)}",
        "allergic": await allergic_children(user.family.id) if isinstance(user, Parent) else [],
        "published": bool(request.commune and request.commune.siret),
    }
    return render(request, "published/menus.html", known)


@anyone
async def file(request: PortalRequest) -> Response:
    """In the schema of French communes, which names the SIRET of who publishes on each line."""
    commune, today = request.commune, request.now.date()
    if commune is None or not commune.siret:
        raise HTTPException(404)
    publisher = Publisher(commune.name, commune.siret, commune.insee)
    meals = await MealMenu.between(today - FURTHEST, today + FURTHEST)
    headers = {
        "Content-Disposition": 'attachment; filename="menus-collectifs.csv"',
        "Cache-Control": "no-cache",
    }
    return Response(
        file_of(meals, publisher, request.now), media_type="text/csv; charset=utf-8", headers=headers
    )


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route("/menus/menus-collectifs.csv", file, methods=["GET"]),
]


def _day(said: str, today: date) -> date:
    """Today for what is no day, or one too far away."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return today
    return day if abs(day - today) <= FURTHEST else today
