"""The way to the bank and back: what became of a payment, and its ticket.

Coming back from the bank proves nothing: these pages only read what the bank told the portal.
"""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.activities.catalogue import current_catalogue
from models.bookings import summary
from models.bookings.order import Order
from models.checkout import retry, settlement
from models.checkout.amounts_due import Paying, TooLittle
from models.checkout.memberships import NothingToJoin
from models.checkout.submission import AlreadyPaying, Stale, TooManyTries
from models.counter.receipt import Receipt
from models.families.file.merge import FamilyMerge
from models.french.orders import not_started, too_many
from models.money.issued_document import IssuedDocument
from models.money.payment import BankAway, NotStarted, Payment
from models.rules.states.documents import DocumentKind
from models.rules.states.orders import OrderKind
from models.rules.states.payments import OPEN, PaymentMethod, PaymentState
from web.components.payment.outcome import outcome
from web.http.auth import ParentRequest, parent
from web.http.forms import whole
from web.http.looking import only_themselves
from web.http.papers import saved_paper
from web.page.templates import render

RECAP = "/planning/recapitulatif"
MEMBERSHIPS = "/inscriptions/paiement-immediat"
DUES = "/factures"
TURNS = 30  # polls of two seconds: a minute


@parent
async def show(request: ParentRequest) -> Response:
    return await _draw(request, await _read(request))


@parent
async def back(request: ParentRequest) -> Response:
    """Where the bank sends the parent."""
    return await _draw(request, await _own(request), returned=True)


@parent
async def receipt(request: ParentRequest) -> Response:
    """The paper of what a counter took: the very bytes that were issued."""
    payment = await _read(request)
    row = await Receipt.get_or_none(payment_id=payment.id)
    paper = await IssuedDocument.of(DocumentKind.RECEIPT, row.id) if row else None
    if paper is None:
        raise HTTPException(404)
    return saved_paper(paper)


@parent
async def state(request: ParentRequest) -> Response:
    """Has the bank answered? Asked every two seconds, for a minute."""
    context = await _context(request, await _own(request), returned=True)
    return render(request, "payment/answered.html", context)


@parent
async def pay(request: ParentRequest) -> Response:
    """Go to the bank; after a refusal, validate the same lines once more."""
    payment = await _own(request)
    if payment.state == PaymentState.PAID:
        return RedirectResponse(f"/paiement/{payment.id}", 303)
    try:
        if payment.state not in OPEN:
            payment = await retry.retry(
                await current_catalogue(), payment, request.now, request.user.guardian.id
            )
        return RedirectResponse(await settlement.begin(payment.id, request.now), 303)
    except (Stale, AlreadyPaying, NothingToJoin, Paying, TooLittle):
        return RedirectResponse(await _start_of(payment), 303)
    except TooManyTries as exc:
        return await _draw(request, payment, status=429, trouble=too_many(exc.until))
    except NotStarted as exc:
        return await _draw(
            request, await _own(request), status=503, trouble=not_started(bank_away=isinstance(exc, BankAway))
        )


@parent
async def leave(request: ParentRequest) -> Response:
    """A bank that wants a form: this page has it, and scripts send it at once."""
    only_themselves(request.user)
    payment = await _own(request)
    page = await settlement.page_of(payment)
    if page is None:
        return RedirectResponse(f"/paiement/{payment.id}", 303)
    return render(request, "payment/leave.html", {"payment": payment, "page": page})


@parent
async def give_up(request: ParentRequest) -> Response:
    payment = await _own(request)
    if payment.state in OPEN:
        payment = await settlement.give_up(payment.id, request.now)
    paid = payment.state == PaymentState.PAID
    return RedirectResponse(f"/paiement/{payment.id}" if paid else await _start_of(payment), 303)


routes = [
    Route("/paiement/{id:int}", show, methods=["GET"]),
    Route("/paiement/{id:int}/retour", back, methods=["GET"]),
    Route("/paiement/{id:int}/recu", receipt, methods=["GET"]),
    Route("/paiement/{id:int}/etat", state, methods=["GET"]),
    Route("/paiement/{id:int}/payer", pay, methods=["POST"]),
    Route("/paiement/{id:int}/banque", leave, methods=["GET"]),
    Route("/paiement/{id:int}/annulation", give_up, methods=["POST"]),
]


async def _own(request: ParentRequest) -> Payment:
    """A payment of the family, which leads to a bank. Any other is a 404, and so is a direct debit."""
    return await _payment(request, [request.user.family.id])


async def _payment(request: ParentRequest, families: list[int]) -> Payment:
    mine = Payment.filter(id=request.number("id"), family_id__in=families)
    mine = mine.exclude(method=PaymentMethod.DEBIT)
    payment = await mine.select_related("till", "family").first()
    if payment is None:
        raise HTTPException(404)
    return payment


async def _read(request: ParentRequest) -> Payment:
    """One of its own; of a file that was merged into it, one that is paid: it is read, and never tried again."""
    own = request.user.family.id
    payment = await _payment(request, await FamilyMerge.files_of(own))
    if payment.family_id != own and payment.state != PaymentState.PAID:
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
    at, family = await outcome(payment, returned), request.user.family
    own = payment.family_id == family.id
    return {
        "at": at,
        "old_file": "" if own else payment.family.number,
        "siblings": await summary.siblings(at.shown, await request.catalogue(), family) if own else [],
        "returned": returned,
        "turn": turn,
        "last": turn >= TURNS,
    }


async def _start_of(payment: Payment) -> str:
    """Where its lines are a draft again, or the sums still due."""
    if payment.order_id is None:
        return DUES
    joins = await Order.exists(id=payment.order_id, kind=OrderKind.MEMBERSHIP)
    return MEMBERSHIPS if joins else RECAP
