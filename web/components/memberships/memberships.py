"""« Inscriptions en paiement immédiat »: the membership of an activity, paid by card child by child.

What was ticked travels in the address of the recap: nothing is written before « Payer ».
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models import banks
from models.activities.catalogue import ActivityFacts, Catalogue, catalogue
from models.checkout import memberships, settlement
from models.checkout.memberships import NothingToJoin
from models.checkout.submission import AlreadyPaying, Placed, Stale, TooManyTries
from models.families import membership
from models.families.household import ChildFacts, Household
from models.families.membership import Membership
from models.money.payment import OPEN, NotStarted, Payment
from models.rules import checkout
from web.http.auth import parent
from web.http.forms import form, whole
from web.orders import PAYING, TOO_MANY, not_started, the_till
from web.page.templates import render

HOME = "/inscriptions/paiement-immediat"
RECAP = f"{HOME}/recapitulatif"
NOBODY = "Cochez au moins un enfant."
OFFLINE = "Règlement non autorisé par la structure\u00a0: adressez-vous à la mairie."

Pair = tuple[int, int]  # child, activity


@dataclass(frozen=True, slots=True)
class Choice:
    child: ChildFacts
    member: bool
    paid_at: datetime | None
    declined: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An activity with a membership, and the children who may join it."""

    activity: ActivityFacts
    fee: int
    choices: tuple[Choice, ...]

    @property
    def open(self) -> bool:
        return any(not choice.member for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Wanted:
    child: ChildFacts
    activity: ActivityFacts
    fee: int

    @property
    def value(self) -> str:
        return f"{self.child.id}-{self.activity.id}"


@parent
async def choose(request: Request) -> Response:
    return await _draw(request)


@parent
async def chosen(request: Request) -> Response:
    """« Valider »: on to the recap of what was ticked."""
    values = [str(value) for value in (await form(request)).getlist("inscription")]
    if not await _wanted(request, values):
        return await _draw(request, 422, {"inscription": NOBODY})
    return RedirectResponse(f"{RECAP}?{urlencode([('inscription', value) for value in values])}", 303)


@parent
async def answer(request: Request) -> Response:
    """« Pas cette année » (`refus`), or the answer taken back (`reprise`)."""
    sent, user, now = await form(request), request.user, request.scope["now"]
    declines = "refus" in sent
    value = str(sent.get("refus" if declines else "reprise", ""))
    if not (pairs := _pairs([value])) or not await _wanted(request, [value], again=True):
        raise HTTPException(404)
    say = membership.decline if declines else membership.reconsider
    await say(user.family.id, *pairs[0], now, user.guardian.id)
    return RedirectResponse(HOME, 303)


@parent
async def review(request: Request) -> Response:
    wanted = await _wanted(request, request.query_params.getlist("inscription"))
    if not wanted:
        return RedirectResponse(HOME, 303)
    return await _review(request, wanted)


@parent
async def pay(request: Request) -> Response:
    """« Payer »: to the bank. Sent twice, it is one payment."""
    sent, user = await form(request), request.user
    wanted = await _wanted(request, [str(value) for value in sent.getlist("inscription")], again=True)
    click = str(sent.get("click", ""))[:64] or secrets.token_urlsafe(16)
    pairs = [(one.child.id, one.activity.id) for one in wanted]
    try:
        receipt = await memberships.join(
            await catalogue(), user.family.id, pairs, request.scope["now"], click, user.guardian.id
        )
        return RedirectResponse(await _after(request, receipt, click), 303)
    except NothingToJoin:  # all are members by now, and the page says since when
        return RedirectResponse(HOME, 303)
    except AlreadyPaying as exc:
        return await _review(request, wanted, 409, PAYING, exc.order.id)
    except TooManyTries:
        return await _review(request, wanted, 429, TOO_MANY)
    except Stale:  # a till that takes no card here
        return await _review(request, wanted, 409, OFFLINE)
    except NotStarted as exc:
        return await _review(request, wanted, 503, not_started(exc))


routes = [
    Route(HOME, choose, methods=["GET"]),
    Route(HOME, chosen, methods=["POST"]),
    Route(f"{HOME}/reponse", answer, methods=["POST"]),
    Route(RECAP, review, methods=["GET"]),
    Route(RECAP, pay, methods=["POST"]),
]


async def _after(request: Request, receipt: Placed, click: str) -> str:
    """Raises NotStarted."""
    if not receipt.payments:
        return f"/planning/confirmation/{click}"
    waiting = next((payment for payment in receipt.payments if payment.state in OPEN), None)
    if waiting is None:
        return f"/paiement/{receipt.payments[-1].id}"
    return await settlement.begin(waiting.id, request.scope["now"])


async def _draw(request: Request, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    facts = await catalogue()
    offers = await _offers(facts, await Household.read(request.user.family.id))
    return render(request, "memberships/page.html", {"offers": offers, "errors": errors or {}}, status)


async def _review(
    request: Request, wanted: list[Wanted], status: int = 200, trouble: str = "", held: int = 0
) -> Response:
    tills = (await catalogue()).tills
    by_till: dict[int, int] = {}
    for one in wanted:
        by_till[one.activity.till] = by_till.get(one.activity.till, 0) + one.fee
    under_way = await Payment.filter(order_id=held, state__in=OPEN).first() if held else None
    bills = [
        (tills[till], checkout.membership(cents, banks.minimum_of(tills[till])))
        for till, cents in by_till.items()
    ]
    small = [(till, bill) for till, bill in bills if bill.postponed]
    context: dict[str, Any] = {
        "wanted": wanted,
        "sum": sum(one.fee for one in wanted),
        "tills": [(the_till(till), bill.due) for till, bill in bills if bill.due],
        "postponed": sum(bill.postponed for _, bill in small),
        "minimum": max((banks.minimum_of(till) for till, _ in small), default=0),
        "click": secrets.token_urlsafe(16),
        "held": under_way,
        "errors": {"": trouble} if trouble else {},
    }
    return render(request, "memberships/recap.html", context, status)


async def _offers(facts: Catalogue, people: Household) -> list[Offer]:
    found = []
    paid = Membership.filter(child_id__in=[child.id for child in people.children])
    since = {(row.child_id, row.activity_id): row.paid_at for row in await paid}
    for activity in facts.activities.values():
        choices = tuple(
            Choice(
                child,
                (child.id, activity.id) in since,
                since.get((child.id, activity.id)),
                (child.id, activity.id) in people.declined,
            )
            for child in people.children
            if _may(people, child, activity) or (child.id, activity.id) in since
        )
        if activity.membership_fee is not None and choices:
            found.append(Offer(activity, activity.membership_fee, choices))
    return found


async def _wanted(request: Request, values: list[str], again: bool = False) -> list[Wanted]:
    """What was ticked. Another family's child, or an activity without a membership, is a 404.

    `again`: those who are members by now count too, so that a click sent twice is the same click.
    """
    facts, people = await catalogue(), await Household.read(request.user.family.id)
    found = {}
    for child, activity in _pairs(values):
        person, offered = people.child(child), facts.activities.get(activity)
        if person is None or offered is None or offered.membership_fee is None:
            raise HTTPException(404)
        member = (child, activity) in people.members
        if again or (not member and _may(people, person, offered)):
            found[child, activity] = Wanted(person, offered, offered.membership_fee)
    return list(found.values())


def _may(people: Household, child: ChildFacts, activity: ActivityFacts) -> bool:
    enrolled = people.enrolment(child.id, activity.id) is not None
    return enrolled or people.could_join(child, activity) is not None


def _pairs(values: list[str]) -> list[Pair]:
    pairs = []
    for value in values[:200]:
        child, _, activity = value.partition("-")
        pair = whole(child), whole(activity)
        if pair[0] is None or pair[1] is None:
            raise HTTPException(404)
        pairs.append((pair[0], pair[1]))
    return pairs
