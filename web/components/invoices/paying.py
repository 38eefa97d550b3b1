"""« Mon récapitulatif »: what was chosen, the avoir that pays first, and the way to the bank, till after till."""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.checkout import amounts_due, settlement
from models.checkout.amounts_due import Paying, TillBill, TooLittle
from models.checkout.submission import Stale, TooManyTries
from models.french import the_till
from models.french.orders import PAYING, not_started, too_many
from models.money.payment import BankAway, NotStarted
from models.rules.money import cents, euros
from models.rules.states.payments import OPEN
from web.components.invoices.view import Recap, dues
from web.http.auth import ParentRequest, parent
from web.http.forms import form
from web.page.templates import render

LIST = "/factures"
RECAP = f"{LIST}/recapitulatif"
NOTHING = "Cochez au moins une facture."
MOVED = "Un montant a changé entre-temps. Voici ce qui reste à payer."
NOT_A_SUM = "Écrivez un montant en euros, par exemple 20,00."


@parent
async def review(request: ParentRequest) -> Response:
    sent = request.query_params
    keys = list(dict.fromkeys(sent.getlist("choix")))[:200]
    if not keys:
        return await _choose(request, NOTHING)
    wanted, errors = amounts(keys, sent)
    return await _draw(request, wanted, 422 if errors else 200, errors)


@parent
async def pay(request: ParentRequest) -> Response:
    """« Payer »: to the bank of the first till. Sent twice, it is one payment."""
    sent, user = await form(request), request.user
    keys = list(dict.fromkeys(str(value) for value in sent.getlist("choix")))[:200]
    fields = {str(name): str(value) for name, value in sent.multi_items()}
    if not keys:
        return await _choose(request, NOTHING)
    wanted, errors = amounts(keys, fields)
    if errors:
        return await _draw(request, wanted, 422, errors)
    click = fields.get("click", "")[:64] or secrets.token_urlsafe(16)
    shown = {
        int(name.removeprefix("attendu-")): int(value)
        for name, value in fields.items()
        if name.startswith("attendu-") and name[8:].isdecimal() and value.isdecimal() and len(value) < 12
    }
    try:
        made = await amounts_due.pay(user.family.id, wanted, shown, request.now, click, user.guardian.id)
        waiting = next((payment for payment in made if payment.state in OPEN), None)
        if waiting:
            return RedirectResponse(await settlement.begin(waiting.id, request.now), 303)
        return RedirectResponse(f"/paiement/{made[-1].id}" if made else f"{LIST}/historique", 303)
    except Stale:
        return await _draw(request, wanted, 409, {"": MOVED})
    except Paying as exc:
        return await _draw(request, wanted, 409, {"": PAYING}, exc.payment)
    except TooLittle as exc:
        return await _draw(request, wanted, 422, {"": too_little(exc)})
    except TooManyTries as exc:
        return await _draw(request, wanted, 429, {"": too_many(exc.until)})
    except NotStarted as exc:
        told = not_started(bank_away=isinstance(exc, BankAway))
        return await _draw(request, wanted, 503, {"": told})


routes = [Route(RECAP, review, methods=["GET"]), Route(RECAP, pay, methods=["POST"])]


def amounts(keys: list[str], fields: Mapping[str, str]) -> tuple[dict[str, int | None], dict[str, str]]:
    """By key, cents to pay (None: all of it); and, by field, what cannot be read."""
    wanted: dict[str, int | None] = {}
    errors = {}
    for key in keys:
        typed = fields.get(f"montant-{key}", "").strip()
        try:
            wanted[key] = cents(typed) if typed else None
        except ValueError:
            wanted[key] = None
            errors[f"montant-{key}"] = NOT_A_SUM
    return wanted, errors


def too_little(exc: TooLittle) -> str:
    till = the_till(exc.till.name)
    return (
        f"Un paiement par carte est d’au moins {euros(exc.minimum)}\u00a0: choisissez davantage pour {till}, "
        "ou réglez avec une prochaine facture."
    )


async def _choose(request: ParentRequest, trouble: str) -> Response:
    shown = await dues(await request.catalogue(), request.user.family.id, [])
    context = {"shown": shown, "recap": Recap([]), "errors": {"choix": trouble}}
    return render(request, "invoices/page.html", context, 422)


async def _draw(
    request: ParentRequest,
    wanted: Mapping[str, int | None],
    status: int = 200,
    errors: dict[str, str] | None = None,
    paying: int | None = None,
) -> Response:
    """The recap of what can still be paid of it; what cannot any more is said and left out."""
    errors, family = dict(errors or {}), request.user.family.id
    try:
        bills = await amounts_due.bills(family, wanted)
    except Stale:
        bills, wrong = await _what_is_left(request, wanted)
        errors = errors | wrong if errors or wrong else {"": MOVED}
        status = 409 if status == 200 else status
        if not bills:
            return await _choose(request, MOVED)
    commune = request.commune
    context: dict[str, Any] = {
        "recap": Recap(bills),
        "in_part": bool(commune and commune.part_payment),
        "click": secrets.token_urlsafe(16),
        "paying": paying,
        "errors": errors,
    }
    name = "invoices/recap_form.html" if request.is_htmx else "invoices/recap.html"
    return render(request, name, context, status)


async def _what_is_left(
    request: ParentRequest, wanted: Mapping[str, int | None]
) -> tuple[list[TillBill], dict[str, str]]:
    """Each for itself: what is still due, its whole sum where the one that was asked for does not do."""
    kept: dict[str, int | None] = {}
    wrong = {}
    for key, asked in wanted.items():
        try:
            await amounts_due.bills(request.user.family.id, {key: asked})
            kept[key] = asked
        except Stale:
            try:
                [bill] = await amounts_due.bills(request.user.family.id, {key: None})
            except Stale:  # paid meanwhile, or never this family's
                continue
            kept[key] = None
            wrong[f"montant-{key}"] = (
                f"Il reste {euros(bill.total)} à payer\u00a0: écrivez au plus cette somme."
            )
    return (await amounts_due.bills(request.user.family.id, kept) if kept else []), wrong
