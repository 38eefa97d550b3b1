"""« Remboursements »: avoirs that are to be given back; the transfer is noted once it left, or the demand refused."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.counter import refund
from models.counter.refund import AlreadyAnswered
from web.components.admin.counter.place import PLACE, ROLES
from web.components.admin.kit.form import Text, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

WHY = Text("motif", "Motif du refus", "La famille le lira.", "Indiquez le motif du refus.", longest=300)
ANSWERED = "Ce remboursement a déjà sa réponse."


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*ROLES)
async def send(request: StaffRequest) -> Response:
    try:
        await refund.send(request.number("id"), request.user.member.id, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except AlreadyAnswered:
        return await _page(request, {"": ANSWERED}, 409)
    return RedirectResponse(f"{PLACE}/remboursements", 303)


@staff(*ROLES)
async def refuse(request: StaffRequest) -> Response:
    id, filled = request.number("id"), fill((WHY,), await form(request))
    if filled.errors:
        return await _page(request, {f"motif-{id}": filled.errors["motif"]}, 422)
    try:
        await refund.refuse(id, filled.typed["motif"], request.user.member.id, request.now)
    except LookupError:
        raise HTTPException(404) from None
    except AlreadyAnswered:
        return await _page(request, {"": ANSWERED}, 409)
    return RedirectResponse(f"{PLACE}/remboursements", 303)


async def _page(request: StaffRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    known = {
        "waiting": await refund.waiting(),
        "answered": await refund.answered(),
        "why": WHY,
        "errors": errors or {},
        "place": f"{PLACE}/remboursements",
    }
    return render(request, "admin/counter/refunds.html", known, status)


routes = [
    Route("/mairie/regie/remboursements", show, methods=["GET"]),
    Route("/mairie/regie/remboursements/{id:int}/envoi", send, methods=["POST"]),
    Route("/mairie/regie/remboursements/{id:int}/refus", refuse, methods=["POST"]),
]
