"""« Suspensions »: families so late that they book no more days; the mairie may let one book on, until a day."""

import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter import payers
from models.french import day_numeric
from models.money import suspension
from models.money.suspension import AlreadyExempt, Exemption, OverAlready
from models.rules.dues import FROM_ARREARS
from web.components.admin.counter.place import PLACE, ROLES
from web.components.admin.kit.form import NOTHING, Day, Filled, Text, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

LIST = f"{PLACE}/suspensions"
FEW = 30  # exemptions that the page lists
UNTIL = Day("jusqu_au", "Jusqu’au", "Ce jour compris.", "Indiquez jusqu’à quel jour.")
WHY = Text(
    "motif", "Motif", "Il reste au journal.", "Indiquez pourquoi la famille est dispensée.", longest=300
)
PAST = "Choisissez un jour à venir."
OVER = "Cette dispense était déjà terminée."


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*ROLES)
async def one(request: StaffRequest) -> Response:
    return await _family(request, NOTHING)


@staff(*ROLES)
async def exempt(request: StaffRequest) -> Response:
    sent, family, now = await form(request), request.number("id"), request.now
    filled, click = fill((UNTIL, WHY), sent), str(sent.get("click", ""))
    if filled.errors or not click or len(click) > 64:
        return await _family(request, filled, filled.errors, 422)
    until = filled.values["jusqu_au"]
    if until < now.date():
        return await _family(request, filled, {"jusqu_au": PAST}, 422)
    await _payer(request)
    try:
        await suspension.exempt(family, until, filled.values["motif"], click, request.user.member.id, now)
    except AlreadyExempt as exc:
        said = f"Cette famille est dispensée jusqu’au {day_numeric(exc.until)}."
        return await _family(request, filled, {"": said}, 409)
    return RedirectResponse(LIST, 303)


@staff(*ROLES)
async def end(request: StaffRequest) -> Response:
    try:
        await suspension.end(request.number("id"), request.user.member.id, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except OverAlready:
        return await _page(request, {"": OVER}, 409)
    return RedirectResponse(LIST, 303)


async def _payer(request: StaffRequest) -> payers.Payer:
    try:
        return await payers.one(request.number("id"))
    except LookupError:
        raise HTTPException(404) from None


async def _family(
    request: StaffRequest, filled: Filled, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    payer, today, tills = (
        await _payer(request),
        request.now.date(),
        await Till.all().order_by("position", "id"),
    )
    known = {
        "payer": payer,
        "arrears": await suspension.arrears(tills, payer.id, today),
        "standing": await suspension.exemption(payer.id, today),
        "fields": (UNTIL, WHY),
        "filled": filled,
        "errors": errors or {},
        "click": secrets.token_urlsafe(16),
        "place": LIST,
    }
    return render(request, "admin/counter/exemption.html", known, status)


async def _page(
    request: StaffRequest, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    today = request.now.date()
    known = {
        "suspended": await suspension.suspended(today),
        "limits": await Till.filter(block_above__not_isnull=True).order_by("position", "id"),
        "exemptions": await Exemption.filter(kind=FROM_ARREARS)
        .order_by("-id")
        .limit(FEW)
        .select_related("family", "member", "ended_by"),
        "today": today,
        "errors": errors or {},
        "place": LIST,
    }
    return render(request, "admin/counter/suspensions.html", known, status)


routes = [
    Route("/mairie/regie/suspensions", show, methods=["GET"]),
    Route("/mairie/regie/suspensions/familles/{id:int}", one, methods=["GET"]),
    Route("/mairie/regie/suspensions/familles/{id:int}", exempt, methods=["POST"]),
    Route("/mairie/regie/suspensions/{id:int}/fin", end, methods=["POST"]),
]
