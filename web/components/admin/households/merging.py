"""« Fusionner »: find the other file, see what both hold and what becomes of it, and type a word."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.families.family import Family
from models.families.file.merge import FamilyMerge
from models.households import merging, sides
from models.households.merging import CannotMerge
from models.households.obstacles import Obstacle, obstacles
from web.components.admin.households.words import FAMILIES, OBSTACLES
from web.components.admin.kit.form import NOTHING, Filled, Word, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

EDITORS = ("manager",)  # who changes the families' files
WORD = Word("mot", "Écrivez FUSIONNER", "", "Écrivez FUSIONNER pour continuer.", word="FUSIONNER")


@staff(*EDITORS)
async def choose(request: StaffRequest) -> Response:
    """The other file: those that look like this one, and a search."""
    family = await _standing(request.number("id"))
    searched = request.query_params.get("recherche", "")
    side = await sides.read(family, request.now.date())
    known = {
        "side": side,
        "place": f"{FAMILIES}/{family.id}",
        "searched": searched,
        "alike": await sides.alike(side),
        "found": await sides.search(family, searched, request.now),
    }
    return render(request, "admin/households/choose.html", known)


@staff(*EDITORS)
async def compare(request: StaffRequest) -> Response:
    return await _page(request, NOTHING)


@staff(*EDITORS)
async def merge(request: StaffRequest) -> Response:
    kept, closed = request.number("id"), request.number("autre")
    filled = fill((WORD,), await form(request))
    if filled.errors:
        return await _page(request, filled, 422)
    if kept == closed:
        raise HTTPException(404)
    try:
        await merging.merge(closed, kept, request.user.member.id, request.now)
    except CannotMerge:
        return await _page(request, NOTHING, 409)
    return RedirectResponse(f"{FAMILIES}/{kept}?fait=fusion", 303)


async def _standing(id: int) -> Family:
    """A file that is not closed, or a 404."""
    found = await Family.get_or_none(id=id)
    if found is None or await FamilyMerge.exists(family_id=id):
        raise HTTPException(404)
    return found


async def _page(request: StaffRequest, filled: Filled, status: int = 200) -> Response:
    kept, closed = await _standing(request.number("id")), await _standing(request.number("autre"))
    if kept.id == closed.id:
        raise HTTPException(404)
    today = request.now.date()
    context = {
        "kept": await sides.read(kept, today),
        "closed": await sides.read(closed, today),
        "meeting": await sides.meeting(closed.id, kept.id),
        "obstacles": [_said(one, closed) for one in await obstacles(closed.id, kept.id, today)],
        "today": today,
        "word": WORD,
        "filled": filled,
        "errors": filled.errors,
        "families": FAMILIES,
    }
    return render(request, "admin/households/compare.html", context, status)


def _said(one: Obstacle, closed: Family) -> tuple[str, ...]:
    return tuple(said.format(closed.id, closed.number, one.names) for said in OBSTACLES[one.code])


routes = [
    Route("/mairie/familles/{id:int}/fusion", choose),
    Route("/mairie/familles/{id:int}/fusion/{autre:int}", compare),
    Route("/mairie/familles/{id:int}/fusion/{autre:int}", merge, methods=["POST"]),
]
