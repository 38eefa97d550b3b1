"""« Séparer le foyer »: who leaves, where each child lives, what becomes of the days; then a word to type."""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.bookings.booking import Booking
from models.families.family import Family
from models.families.file.merge import FamilyMerge
from models.family_file.creating import made_with
from models.households import parting, sides
from models.households.obstacles import in_the_way
from models.households.parting import CannotPart, Parting
from models.households.parting import Choice as OfDays
from models.households.sides import Side
from web.components.admin.households.words import CHOICES, FAMILIES, PARTING
from web.components.admin.kit.form import Choice, Filled, OneOf, Word, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key
from web.page.templates import render

EDITORS = ("manager",)  # who changes the families' files
WORD = Word("mot", "Écrivez SEPARER", "", "Écrivez SEPARER pour continuer.", word="SEPARER")
STAYS = ""


@staff(*EDITORS)
async def show(request: StaffRequest) -> Response:
    """As the address says it: who leaves, and each child's weeks."""
    return await _page(request, request.query_params, None)


@staff(*EDITORS)
async def part(request: StaffRequest) -> Response:
    sent = await form(request)
    word, side, click = fill((WORD,), sent), await _side(request), plain_key(sent, "click")
    if click and (known := await made_with(click)) is not None:
        return RedirectResponse(f"{FAMILIES}/{known}?fait=separation", 303)
    asked = _asked(side, sent, click)
    if word.errors or asked is None:
        return await _page(request, sent, word, 422)
    try:
        made = await parting.part(asked, request.user.member.id, request.now)
    except CannotPart:
        return await _page(request, sent, None, 409)
    return RedirectResponse(f"{FAMILIES}/{made}?fait=separation", 303)


async def _side(request: StaffRequest) -> Side:
    """A file that is not closed, or a 404."""
    family = await Family.get_or_none(id=request.number("id"))
    if family is None or await FamilyMerge.exists(family_id=family.id):
        raise HTTPException(404)
    return await sides.read(family, request.now.date())


def _asked(side: Side, sent: Mapping[str, Any] | FormData, click: str) -> Parting | None:
    """None while it is not said who leaves, or no child goes."""
    filled = fill(_fields(side), sent)
    weeks = {
        child.id: str(filled.values[_name(child.id)])
        for child in side.children
        if filled.values.get(_name(child.id))
    }
    who = str(filled.values.get("depart") or "")
    if not who or not weeks:
        return None
    said = str(filled.values.get("jours") or OfDays.CANCEL)
    return Parting(side.family.id, int(who), weeks, OfDays(said), click or secrets.token_urlsafe(16))


def _name(child: int) -> str:
    return f"enfant-{child}"


def _fields(side: Side) -> tuple[OneOf, ...]:
    parents = [Choice(str(one.id), one.name) for one in side.guardians if one.blocked_at is None]
    who = OneOf("depart", "Qui part", missing="Dites qui part.", choices=(Choice("", "Choisir…"), *parents))
    weeks = (
        Choice(STAYS, "reste ici toutes les semaines"),
        Choice("even", "va chez qui part les semaines paires"),
        Choice("odd", "va chez qui part les semaines impaires"),
        Choice("all", "part toutes les semaines"),
    )
    children = [
        OneOf(_name(child.id), child.first_name, choices=weeks)
        for child in side.children
        if child.weeks == "all"
    ]
    days = tuple(Choice(code, label) for code, label in CHOICES.items())
    return who, *children, OneOf("jours", "Ces jours réservés", choices=days)


async def _page(
    request: StaffRequest, sent: Mapping[str, Any] | FormData, word: Filled | None, status: int = 200
) -> Response:
    side, today = await _side(request), request.now.date()
    *asks, days = _fields(side)
    filled = fill(_fields(side), sent)
    asked = _asked(side, sent, str(sent.get("click") or ""))
    moved: list[Booking] = await parting.days_of(asked, today) if asked else []
    names = {child.id: child.first_name for child in side.children}
    known = {
        "side": side,
        "place": f"{FAMILIES}/{side.family.id}",
        "asks": asks,
        "days_field": days,
        "filled": filled,
        "asked": asked,
        "moved": [(names[row.child_id], row) for row in moved],
        "total": sum(row.cents for row in moved),
        "obstacles": [
            tuple(said.format(side.family.id, side.family.number, "") for said in PARTING[one.code])
            for one in await in_the_way(side.family.id, today)
        ],
        "word": WORD,
        "typed": word or Filled({}, {}, {}),
        "errors": word.errors if word else {},
    }
    return render(request, "admin/households/part.html", known, status)


routes = [
    Route("/mairie/familles/{id:int}/separation", show),
    Route("/mairie/familles/{id:int}/separation", part, methods=["POST"]),
]
