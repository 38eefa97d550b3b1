"""« Inscriptions en paiement immédiat »: the membership of an activity, paid by card child by child.

What was ticked travels in the address of the recap: nothing is written before « Payer ».
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models import banks
from models.activities.catalogue import current_catalogue
from models.bookings.order import Order
from models.checkout import memberships, settlement
from models.checkout.memberships import NothingToJoin
from models.checkout.submission import AlreadyPaying, Placed, Stale, TooManyTries
from models.checkout.under_way import under_way
from models.families import membership, membership_offers
from models.families.household import Household
from models.families.membership_offers import NotOffered, Pair, Wanted
from models.french import the_till
from models.french.orders import PAYING, not_started, too_many
from models.money.payment import BankAway, NotStarted
from models.rules import checkout
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.page.templates import render

HOME = "/inscriptions/paiement-immediat"
RECAP = f"{HOME}/recapitulatif"
NOBODY = "Cochez au moins un enfant."
OFFLINE = "Règlement non autorisé par la structure\u00a0: adressez-vous à la mairie."


@parent
async def choose(request: ParentRequest) -> Response:
    return await _draw(request)


@parent
async def chosen(request: ParentRequest) -> Response:
    """« Valider »: on to the recap of what was ticked."""
    values = [str(value) for value in (await form(request)).getlist("inscription")]
    if not await _wanted(request, values):
        return await _draw(request, 422, {"inscription": NOBODY})
    return RedirectResponse(f"{RECAP}?{urlencode([('inscription', value) for value in values])}", 303)


@parent
async def answer(request: ParentRequest) -> Response:
    """« Pas cette année » (`refus`), or the answer taken back (`reprise`)."""
    sent, user, now = await form(request), request.user, request.now
    declines = "refus" in sent
    value = str(sent.get("refus" if declines else "reprise", ""))
    if not (pairs := _pairs([value])) or not await _wanted(request, [value], again=True):
        raise HTTPException(404)
    say = membership.decline if declines else membership.reconsider
    await say(user.family.id, *pairs[0], now, user.guardian.id)
    return RedirectResponse(HOME, 303)


@parent
async def review(request: ParentRequest) -> Response:
    wanted = await _wanted(request, request.query_params.getlist("inscription"))
    if not wanted:
        return RedirectResponse(HOME, 303)
    return await _review(request, wanted)


@parent
async def pay(request: ParentRequest) -> Response:
    """« Payer »: to the bank. Sent twice, it is one payment."""
    sent, user = await form(request), request.user
    wanted = await _wanted(request, [str(value) for value in sent.getlist("inscription")], again=True)
    click = str(sent.get("click", ""))[:64] or secrets.token_urlsafe(16)
    pairs = [(one.child.id, one.activity.id) for one in wanted]
    try:
        receipt = await memberships.join(
            await current_catalogue(), user.family.id, pairs, request.now, click, user.guardian.id
        )
        return RedirectResponse(await _after(request, receipt, click), 303)
    except NothingToJoin:  # all are members by now, and the page says since when
        return RedirectResponse(HOME, 303)
    except AlreadyPaying as exc:
        return await _review(request, wanted, 409, PAYING, exc.order)
    except TooManyTries as exc:
        return await _review(request, wanted, 429, too_many(exc.until))
    except Stale:  # a till that takes no card here
        return await _review(request, wanted, 409, OFFLINE)
    except NotStarted as exc:
        return await _review(request, wanted, 503, not_started(bank_away=isinstance(exc, BankAway)))


routes = [
    Route(HOME, choose, methods=["GET"]),
    Route(HOME, chosen, methods=["POST"]),
    Route(f"{HOME}/reponse", answer, methods=["POST"]),
    Route(RECAP, review, methods=["GET"]),
    Route(RECAP, pay, methods=["POST"]),
]


async def _after(request: ParentRequest, receipt: Placed, click: str) -> str:
    """Raises NotStarted."""
    if not receipt.payments:
        return f"/planning/confirmation/{click}"
    if receipt.to_pay is None:
        return f"/paiement/{receipt.payments[-1].id}"
    return await settlement.begin(receipt.to_pay.id, request.now)


async def _draw(request: ParentRequest, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    catalogue = await current_catalogue()
    offers = await membership_offers.read(
        catalogue, await Household.read(request.user.family.id), request.now
    )
    return render(request, "memberships/page.html", {"offers": offers, "errors": errors or {}}, status)


async def _review(
    request: ParentRequest,
    wanted: list[Wanted],
    status: int = 200,
    trouble: str = "",
    paying: Order | None = None,
) -> Response:
    tills = (await current_catalogue()).tills
    by_till: dict[int, int] = {}
    for one in wanted:
        by_till[one.activity.till] = by_till.get(one.activity.till, 0) + one.fee
    held = await under_way([paying] if paying else [])
    bills = [
        (tills[till], checkout.membership(cents, banks.minimum_of(tills[till])))
        for till, cents in by_till.items()
    ]
    small = [(till, bill) for till, bill in bills if bill.postponed]
    context: dict[str, Any] = {
        "wanted": wanted,
        "sum": sum(one.fee for one in wanted),
        "tills": [(the_till(till.name), bill.due) for till, bill in bills if bill.due],
        "postponed": sum(bill.postponed for _, bill in small),
        "minimum": max((banks.minimum_of(till) for till, _ in small), default=0),
        "click": secrets.token_urlsafe(16),
        "held": held[0].payment if held else None,
        "errors": {"": trouble} if trouble else {},
    }
    return render(request, "memberships/recap.html", context, status)


async def _wanted(request: ParentRequest, values: list[str], again: bool = False) -> list[Wanted]:
    """What was ticked. Another family's child, or an activity without a membership, is a 404.

    `again`: those who are members by now count too, so that a click sent twice is the same click.
    """
    household = await Household.read(request.user.family.id)
    try:
        return membership_offers.wanted(
            await current_catalogue(), household, _pairs(values), request.now, again
        )
    except NotOffered:
        raise HTTPException(404) from None


def _pairs(values: list[str]) -> list[Pair]:
    pairs = []
    for value in values[:200]:
        child, _, activity = value.partition("-")
        pair = whole(child), whole(activity)
        if pair[0] is None or pair[1] is None:
            raise HTTPException(404)
        pairs.append((pair[0], pair[1]))
    return pairs
