"""« Banque », put right: a wrong match is undone, a line that stands for nothing set aside; each with a reason."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.counter import bank_aside, bank_match
from models.counter.bank_match import MatchedMeanwhile, TakenBackSince
from web.components.admin.counter.place import ROLES, till_of
from web.components.admin.counter.reconciliation import BANK, LEFT, page
from web.components.admin.kit.form import Text, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form

WHY = Text("motif", "Motif", "Il reste au journal.", "Indiquez le motif.", longest=300)
TAKEN_BACK = "Ce virement a été contre-passé depuis\u00a0: le rapprochement reste."


@staff(*ROLES)
async def undo(request: StaffRequest) -> Response:
    return await _with_reason(request, bank_match.undo)


@staff(*ROLES)
async def set_aside(request: StaffRequest) -> Response:
    return await _with_reason(request, bank_aside.set_aside)


@staff(*ROLES)
async def take_up(request: StaffRequest) -> Response:
    try:
        till = await bank_aside.take_up(request.number("id"), request.user.member.id, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except MatchedMeanwhile:
        return await page(request, await till_of(None), {"": LEFT}, 409)
    return RedirectResponse(f"{BANK}?regie={till}", 303)


async def _with_reason(
    request: StaffRequest, verb: Callable[[int, str, int, datetime], Awaitable[int]]
) -> Response:
    """`verb` takes the id, the reason, who and when, and says of which till it is."""
    sent = await form(request)
    filled, till = fill((WHY,), sent), await till_of(sent.get("regie"))
    if filled.errors:
        return await page(request, till, {"": filled.errors["motif"]}, 422)
    try:
        at = await verb(request.number("id"), filled.values["motif"], request.user.member.id, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except MatchedMeanwhile:
        return await page(request, till, {"": LEFT}, 409)
    except TakenBackSince:
        return await page(request, till, {"": TAKEN_BACK}, 409)
    return RedirectResponse(f"{BANK}?regie={at}", 303)


routes = [
    Route("/mairie/regie/rapprochement/{id:int}/annulation", undo, methods=["POST"]),
    Route("/mairie/regie/rapprochement/lignes/{id:int}/mise-de-cote", set_aside, methods=["POST"]),
    Route("/mairie/regie/rapprochement/mises-de-cote/{id:int}/reprise", take_up, methods=["POST"]),
]
