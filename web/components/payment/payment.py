"""The way to the bank and back: what became of a payment, and its ticket.

Coming back from the bank proves nothing: these pages only read what the bank told the portal.
"""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import catalogue
from models.bookings.order import Order, OrderLine
from models.checkout import commit, memberships, recap
from models.checkout.memberships import NothingToJoin
from models.checkout.recap import Recap
from models.checkout.submission import AlreadyPaying, Placed, Stale, TooManyTries
from models.french.orders import TOO_MANY, not_started
from models.money.payment import OPEN, BankAway, NotStarted, Payment
from web.components.payment.outcome import outcome
from web.http.auth import ParentRequest, parent
from web.http.forms import whole
from web.page.templates import render

RECAP = "/planning/recapitulatif"
MEMBERSHIPS = "/inscriptions/paiement-immediat"
TURNS = 30  # polls of two seconds: a minute


@parent
async def show(request: ParentRequest) -> Response:
    return await _draw(request, await _own(request))


@parent
async def back(request: ParentRequest) -> Response:
    """Where the bank sends the parent."""
    return await _draw(request, await _own(request), returned=True)


@parent
async def state(request: ParentRequest) -> Response:
    """Has the bank answered? Asked every two seconds, for a minute."""
    context = await _context(request, await _own(request), returned=True)
    return render(request, "payment/answered.html", context)


@parent
async def pay(request: ParentRequest) -> Response:
    """Go to the bank; after a refusal, validate the same lines once more."""
    payment = await _own(request)
    if payment.state == "paid":
        return RedirectResponse(f"/paiement/{payment.id}", 303)
    try:
        if payment.state not in OPEN:
            payment = await _again(request, payment)
        return RedirectResponse(await Payment.begin(payment.id, request.now), 303)
    except (Stale, AlreadyPaying, NothingToJoin):
        return RedirectResponse(await _start_of(payment), 303)
    except TooManyTries:
        return await _draw(request, payment, status=429, trouble=TOO_MANY)
    except NotStarted as exc:
        return await _draw(
            request, await _own(request), status=503, trouble=not_started(bank_away=isinstance(exc, BankAway))
        )


@parent
async def give_up(request: ParentRequest) -> Response:
    payment = await _own(request)
    if payment.state in OPEN:
        payment = await Payment.give_up(payment.id, request.now)
    paid = payment.state == "paid"
    return RedirectResponse(f"/paiement/{payment.id}" if paid else await _start_of(payment), 303)


routes = [
    Route("/paiement/{id:int}", show, methods=["GET"]),
    Route("/paiement/{id:int}/retour", back, methods=["GET"]),
    Route("/paiement/{id:int}/etat", state, methods=["GET"]),
    Route("/paiement/{id:int}/payer", pay, methods=["POST"]),
    Route("/paiement/{id:int}/annulation", give_up, methods=["POST"]),
]


async def _own(request: ParentRequest) -> Payment:
    """A payment of the family. Any other is a 404."""
    mine = Payment.filter(id=request.number("id"), family_id=request.user.family.id)
    payment = await mine.select_related("order", "till").first()
    if payment is None:
        raise HTTPException(404)
    return payment


async def _draw(
    request: ParentRequest, payment: Payment, *, returned: bool = False, status: int = 200, trouble: str = ""
) -> Response:
    context = await _context(request, payment, returned=returned)
    errors = {"": trouble} if trouble else {}
    return render(request, "payment/page.html", {**context, "errors": errors}, status)


async def _context(request: ParentRequest, payment: Payment, *, returned: bool) -> dict[str, Any]:
    turn = min(whole(request.query_params.get("essai")) or 0, TURNS)
    return {
        "at": await outcome(payment, returned),
        "returned": returned,
        "turn": turn,
        "last": turn >= TURNS,
    }


async def _start_of(payment: Payment) -> str:
    """Where its lines are a draft again."""
    order = await Order.get(id=payment.order_id)
    return MEMBERSHIPS if order.kind == "membership" else RECAP


async def _again(request: ParentRequest, payment: Payment) -> Payment:
    """A new attempt for the very lines of this one. Raises Stale when the draft is not the same any more."""
    receipt = await _validated(request, payment)
    fresh = next((one for one in receipt.payments if one.state in OPEN), None)
    if fresh is None:
        raise Stale
    return fresh


async def _validated(request: ParentRequest, payment: Payment) -> Placed:
    user, now, click = request.user, request.now, f"retry-{payment.id}"
    facts = await catalogue()
    lines = await OrderLine.filter(order_id=payment.order_id)
    if payment.order.kind == "membership":
        pairs = [(line.child_id, line.activity_id) for line in lines]
        return await memberships.join(facts, user.family.id, pairs, now, click, user.guardian.id)
    if await Order.exists(family_id=user.family.id, click=click):
        return await commit.commit(facts, user.family.id, now, click, "", user.guardian.id)
    shown = await recap.read(facts, user.family.id, now)
    if not _same(shown, lines, payment.cents):
        raise Stale
    return await commit.commit(facts, user.family.id, now, click, shown.seen, user.guardian.id)


def _same(shown: Recap, lines: list[OrderLine], cents: int) -> bool:
    wanted = {(line.child_id, line.slot_id, line.day, line.action, line.cents) for line in lines}
    found = {(line.child.id, line.slot, line.day, line.action, line.cents) for line in shown.lines}
    return found == wanted and shown.due == cents and not any(line.waits for line in shown.lines)
