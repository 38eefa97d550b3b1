"""The recap: what was ticked, before it counts; the one click that validates it, and what it did."""

import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models import banks
from models.activities.catalogue import current_catalogue
from models.bookings import summary, waiting_list
from models.bookings.order import Order
from models.checkout import commit, recap, settlement
from models.checkout.submission import AlreadyPaying, Placed, Stale, TooManyTries
from models.checkout.under_way import under_way
from models.french import plural
from models.french.orders import PAYING, not_started, too_many
from models.money.payment import BankAway, NotStarted
from models.planning.cell_words import FINAL
from web.components.recap.confirmed import groups
from web.components.recap.view import View, counts, label, tag
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.page.late_drafts import told, untold
from web.page.templates import render

RECAP = "/planning/recapitulatif"
CHANGED = (
    "Quelque chose a changé depuis l’affichage de cette page. Vérifiez les lignes, puis validez à nouveau."
)
GONE = "Cette ligne n’est plus dans votre saisie."


@parent
async def show(request: ParentRequest) -> Response:
    return await _draw(request)


@parent
async def validate(request: ParentRequest) -> Response:
    """« Payer » and « Terminer »: a full page, to the bank or to what was done. Sent twice, it is done once."""
    sent = await form(request)
    click, seen = str(sent.get("click", ""))[:64], str(sent.get("seen", ""))
    if not click:
        return await _draw(request, 409, CHANGED)
    user = request.user
    try:
        receipt = await commit.commit(
            await current_catalogue(), user.family.id, request.now, click, seen, by=user.guardian.id
        )
        return RedirectResponse(await _after(request, receipt, click), 303)
    except Stale:
        return await _draw(request, 409, CHANGED)
    except AlreadyPaying:
        return await _draw(request, 409, PAYING)
    except TooManyTries as exc:
        return await _draw(request, 429, too_many(exc.until))
    except NotStarted as exc:
        return await _draw(request, 503, not_started(bank_away=isinstance(exc, BankAway)))


@parent
async def remove(request: ParentRequest) -> Response:
    """Take one line out of the draft."""
    found = await commit.drop(request.user.family.id, request.number("ligne"))
    if not found:
        return await _draw(request, 404, GONE)
    if not request.is_htmx:
        return RedirectResponse(RECAP, 303)
    following = whole((await form(request)).get("suite"))
    context = await _context(request, focus=following or 0)
    return _answer(request, "recap/removed.html", {**context, "said": context["view"].said})


@parent
async def leave(request: ParentRequest) -> Response:
    """An offered place goes to the next in line, before its limit."""
    user, booking = request.user, request.number("place")
    if not await waiting_list.leave(booking, user.family.id, request.now, user.guardian.id):
        raise HTTPException(404)
    return RedirectResponse("/planning", 303)


@parent
async def sure(request: ParentRequest) -> Response:
    """« Tout supprimer » asks first: a page, where the dialog is missing."""
    context = await _context(request)
    if context["view"].recap.empty:
        return RedirectResponse(RECAP, 303)
    return render(request, "recap/clear.html", context)


@parent
async def clear(request: ParentRequest) -> Response:
    await commit.clear(request.user.family.id)
    return RedirectResponse("/planning", 303)


@parent
async def peek(request: ParentRequest) -> Response:
    """The lines of the draft, for the sheet over the planning."""
    return _answer(request, "recap/peek.html", await _context(request))


@parent
async def done(request: ParentRequest) -> Response:
    """« C’est enregistré. »: what this click did."""
    family, click = request.user.family.id, request.text("click")
    shown = await summary.of_click(family, click)
    if shown is None:
        raise HTTPException(404)
    others = await summary.siblings(shown, await request.catalogue(), request.user.family)
    context = {"shown": shown, "groups": groups(shown), "siblings": others}
    context["first"] = await Order.is_first(family, click)
    return render(request, "recap/confirmed.html", context)


routes = [
    Route(RECAP, show, methods=["GET"]),
    Route(RECAP, validate, methods=["POST"]),
    Route("/planning/brouillon/{ligne:int}/suppression", remove, methods=["POST"]),
    Route("/planning/places/{place:int}/abandon", leave, methods=["POST"]),
    Route("/planning/panier", peek),
    Route("/planning/vider", sure, methods=["GET"]),
    Route("/planning/vider", clear, methods=["POST"]),
    Route("/planning/confirmation/{click}", done, methods=["GET"]),
]


async def _after(request: ParentRequest, receipt: Placed, click: str) -> str:
    """The bank's page for the first till; the others in turn, from its ticket. Raises NotStarted."""
    if not receipt.orders:
        return "/planning"
    if not receipt.payments:
        return f"/planning/confirmation/{click}"
    if receipt.to_pay is None:
        return f"/paiement/{receipt.payments[-1].id}"
    return await settlement.begin(receipt.to_pay.id, request.now)


async def _draw(request: ParentRequest, status: int = 200, trouble: str = "") -> Response:
    context = await _context(request)
    if trouble and request.is_htmx:
        return _answer(request, "recap/removed.html", {**context, "said": trouble}, status)
    return _answer(
        request, "recap/page.html", {**context, "errors": {"": trouble} if trouble else {}}, status
    )


def _answer(request: ParentRequest, template: str, context: dict[str, Any], status: int = 200) -> Response:
    return told(request, render(request, template, context, status), context["view"].late)


async def _context(request: ParentRequest, focus: int | None = None) -> dict[str, Any]:
    now = request.now
    shown = await recap.read(await current_catalogue(), request.user.family.id, now)
    view = View(shown, now, untold(request, shown.late))
    count = len(view.recap.lines) + len(view.recap.gone)
    return {
        "view": view,
        "paying": await under_way(view.recap.paying),
        "click": secrets.token_urlsafe(16),
        "question": f"Effacer {_yours(count)}\u00a0?",
        "minimum": max((banks.minimum_of(block.till) for block in view.recap.tills), default=0),
        "focus": focus,
        "counts": counts,
        "tag": tag,
        "label": label,
        "final": FINAL,
    }


def _yours(count: int) -> str:
    return "votre modification" if count == 1 else f"vos {plural(count, 'modification')}"
