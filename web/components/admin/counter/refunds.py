"""« Remboursements »: avoirs to be given back, by a transfer, in cash, on the card that paid, or not at all."""

from collections.abc import Awaitable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter import closing
from models.counter.refunds import card_refund, discharge, refund, refund_list
from models.counter.refunds.card_refund import CardRefund, NotRefundable
from models.counter.refunds.discharge import Discharge
from models.counter.refunds.refund import AlreadyAnswered, Refund
from models.counter.reversal import NotEnoughCash
from models.french.payments import REFUNDED_BY
from models.rules.money import euros
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import CardRefundState
from web.components.admin.counter.place import PLACE, ROLES, paper
from web.components.admin.kit.form import Text, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

WHY = Text("motif", "Motif du refus", "La famille le lira.", "Indiquez le motif du refus.", longest=300)
ANSWERED = "Ce remboursement a déjà sa réponse."
NO_CARD = "Cette carte ne peut pas être remboursée d’autant\u00a0: choisissez un autre moyen."
CHOOSE = "Choisissez la carte à rembourser."
HERE = f"{PLACE}/remboursements"


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request)


@staff(*ROLES)
async def send(request: StaffRequest) -> Response:
    return await _answered(request, refund.send(request.number("id"), request.user.member.id, request.now))


@staff(*ROLES)
async def refuse(request: StaffRequest) -> Response:
    id, filled = request.number("id"), fill((WHY,), await form(request))
    if filled.errors:
        return await _page(request, {f"motif-{id}": filled.errors["motif"]}, 422)
    said = filled.typed["motif"]
    return await _answered(request, refund.refuse(id, said, request.user.member.id, request.now))


@staff(*ROLES)
async def hand_over(request: StaffRequest) -> Response:
    asked = discharge.hand_over(request.number("id"), request.user.member.id, request.now)
    return await _answered(request, asked)


@staff(*ROLES)
async def order(request: StaffRequest) -> Response:
    payment = whole((await form(request)).get("paiement"))
    if payment is None:
        return await _page(request, {"": CHOOSE}, 422)
    asked = card_refund.order(request.number("id"), payment, request.user.member.id, request.now)
    return await _answered(request, asked)


@staff(*ROLES)
async def settle(request: StaffRequest) -> Response:
    """Somebody looked at the bank's own site."""
    row = await CardRefund.get_or_none(refund_id=request.number("id"), state=CardRefundState.DOUBTFUL)
    if row is None:
        raise HTTPException(404)
    done = (await form(request)).get("vu") == "fait"
    return await _answered(request, card_refund.settle(row.id, done, request.user.member.id, request.now))


@staff(*ROLES)
async def pdf(request: StaffRequest) -> Response:
    if not await Discharge.exists(id=request.number("id")):
        raise HTTPException(404)
    return await paper(request, DocumentKind.DISCHARGE, request.number("id"))


async def _answered(request: StaffRequest, asked: Awaitable[object]) -> Response:
    try:
        await asked
    except LookupError:
        raise HTTPException(404) from None
    except AlreadyAnswered:
        return await _page(request, {"": ANSWERED}, 409)
    except NotRefundable:
        return await _page(request, {"": NO_CARD}, 409)
    except NotEnoughCash as exc:
        short = f"La caisse ne contient que {euros(exc.held)}\u00a0: choisissez un autre moyen."
        return await _page(request, {"": short}, 409)
    return RedirectResponse(HERE, 303)


async def _page(request: StaffRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    waiting = await refund_list.waiting()
    tills = {line.till_id for line in waiting}
    known = {
        "waiting": waiting,
        "cards": await card_refund.choices_of(await Refund.filter(id__in=[line.id for line in waiting])),
        "able": card_refund.able(await Till.filter(id__in=tills)),
        "cash": {till: await _cash(request, till) for till in sorted(tills)},
        "answered": await refund_list.answered(),
        "by": REFUNDED_BY,
        "why": WHY,
        "errors": errors or {},
        "place": HERE,
    }
    return render(request, "admin/counter/refunds.html", known, status)


async def _cash(request: StaffRequest, till: int) -> int:
    return await closing.cash_of(till, await closing.open_day(till, request.now.date()))


routes = [
    Route("/mairie/regie/remboursements", show, methods=["GET"]),
    Route("/mairie/regie/remboursements/{id:int}/envoi", send, methods=["POST"]),
    Route("/mairie/regie/remboursements/{id:int}/especes", hand_over, methods=["POST"]),
    Route("/mairie/regie/remboursements/{id:int}/carte", order, methods=["POST"]),
    Route("/mairie/regie/remboursements/{id:int}/banque", settle, methods=["POST"]),
    Route("/mairie/regie/remboursements/{id:int}/refus", refuse, methods=["POST"]),
    Route("/mairie/regie/decharges/{id:int}", pdf, methods=["GET"]),
]
