"""A family asks for its avoir back: by a transfer of the mairie, where the commune gives avoirs back."""

import secrets

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter.refunds import refund
from models.counter.refunds.refund import NoSuchCredit, Wish
from models.money import amounts_due
from models.rules.money import cents, euros
from web.http.auth import ParentRequest, parent
from web.http.forms import form
from web.page.templates import render

PAGE = "/compte/remboursement"
LONGEST = 300
NOT_A_SUM = "Écrivez un montant en euros, par exemple 12,50."


async def refundable(request: ParentRequest) -> list[tuple[Till, int]]:
    """The tills where the family has an avoir, in cents; none where the commune gives no avoir back."""
    if not (request.commune and request.commune.credit_refund):
        return []
    credits = await amounts_due.credits_of(request.user.family.id)
    tills = (await request.catalogue()).tills.values()
    return [(till, credits[till.id]) for till in tills if till.id in credits]


@parent
async def offer(request: ParentRequest) -> Response:
    return await _offer(request)


@parent
async def ask(request: ParentRequest) -> Response:
    sent = await form(request)
    typed, why = str(sent.get("montant", "")), " ".join(str(sent.get("motif", "")).split())[:LONGEST]
    click, wanted = str(sent.get("click", "")), str(sent.get("regie", ""))
    if not click or len(click) > 64:
        raise HTTPException(422)
    till = next((one for one, _ in await refundable(request) if str(one.id) == wanted), None)
    if till is None:
        return await _offer(request, {"regie": "Il n’y a pas d’avoir à rembourser ici."}, typed, why)
    try:
        wish = Wish(request.user.family.id, till.id, cents(typed), why or "Demandé par la famille", click)
        await refund.ask(wish, request.user.actor, request.now)
    except ValueError:
        return await _offer(request, {"montant": NOT_A_SUM}, typed, why)
    except NoSuchCredit as exc:
        return await _offer(request, {"montant": f"Votre avoir est de {euros(exc.credit)}."}, typed, why)
    return RedirectResponse(f"/compte/historique?regie={till.id}&fait=remboursement", 303)


async def _offer(
    request: ParentRequest, errors: dict[str, str] | None = None, typed: str = "", why: str = ""
) -> Response:
    context = {
        "tills": await refundable(request),
        "typed": typed,
        "why": why,
        "click": secrets.token_urlsafe(16),
        "errors": errors or {},
    }
    return render(request, "account_history/refund.html", context, 422 if errors else 200)


routes = [
    Route(PAGE, offer, methods=["GET"]),
    Route(PAGE, ask, methods=["POST"]),
]
