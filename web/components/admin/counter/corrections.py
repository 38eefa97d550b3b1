"""A family's account put right: a sum that the till gives up, an avoir that is given back; each with its reason."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.checkout.submission import Stale
from models.commune.till import Till
from models.counter import payers, write_off
from models.counter.payers import Payer
from models.counter.refunds import refund
from models.counter.refunds.refund import NoSuchCredit, Wish
from models.counter.write_off import GivingUp
from models.money import amounts_due
from models.rules.money import euros
from web.components.admin.counter.place import PLACE, ROLES
from web.components.admin.kit.form import NOTHING, Choice, Filled, Money, OneOf, Text, Word, fill
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

GIVEN_UP = Money("somme", "Somme abandonnée", missing="Écrivez la somme abandonnée.")
WHY = Text(
    "motif", "Motif", "Il reste au journal.", "Indiquez pourquoi cette somme est abandonnée.", longest=300
)
WORD = Word(
    "mot",
    "Écrivez ABANDONNER",
    "La famille ne devra plus cette somme\u00a0; l’écriture reste.",
    "Écrivez ABANDONNER pour confirmer.",
    word="ABANDONNER",
)
BACK = Money("rendu", "Somme à rembourser", missing="Écrivez la somme à rembourser.")
WHY_BACK = Text(
    "raison",
    "Motif du remboursement",
    "Il reste au journal.",
    "Indiquez pourquoi cet avoir est rendu.",
    longest=300,
)


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await _payer(request), NOTHING)


@staff(*ROLES)
async def give_up(request: StaffRequest) -> Response:
    payer, sent = await _payer(request), await form(request)
    filled = fill((await _due_field(payer), GIVEN_UP, WHY, WORD), sent)
    if filled.errors:
        return await _page(request, payer, filled, filled.errors, 422)
    values = filled.values
    asked = GivingUp(payer.id, values["du"], values["somme"], values["motif"], _click(sent))
    try:
        await write_off.write_off(asked, request.user.member.id, request.now)
    except Stale:
        return await _page(request, payer, filled, {"somme": "Cette famille ne doit pas autant."}, 422)
    return RedirectResponse(f"{PLACE}/familles/{payer.id}", 303)


@staff(*ROLES)
async def give_back(request: StaffRequest) -> Response:
    payer, sent = await _payer(request), await form(request)
    filled = fill((await _credit_field(payer), BACK, WHY_BACK), sent)
    if filled.errors:
        return await _page(request, payer, filled, filled.errors, 422)
    values = filled.values
    wish = Wish(payer.id, int(values["regie"]), values["rendu"], values["raison"], _click(sent))
    try:
        await refund.ask(wish, request.user.actor, request.now)
    except NoSuchCredit as exc:
        return await _page(request, payer, filled, {"rendu": f"L’avoir est de {euros(exc.credit)}."}, 422)
    return RedirectResponse(f"{PLACE}/remboursements", 303)


def _click(sent: FormData) -> str:
    click = str(sent.get("click", ""))
    if not click or len(click) > 64:
        raise HTTPException(422)
    return click


async def _payer(request: StaffRequest) -> Payer:
    try:
        return await payers.one(request.number("id"))
    except LookupError:
        raise HTTPException(404) from None


async def _due_field(payer: Payer) -> OneOf:
    found = await amounts_due.of_family(payer.id)
    choices = tuple(Choice(due.key, f"{due.label}, {euros(due.open)}") for due in found)
    return OneOf("du", "Somme due", missing="Choisissez une somme due.", choices=choices)


async def _credit_field(payer: Payer) -> OneOf:
    credits = await amounts_due.credits_of(payer.id)
    tills = await Till.filter(id__in=list(credits)).order_by("position", "id")
    choices = tuple(Choice(str(till.id), f"{till.name}, {euros(credits[till.id])}") for till in tills)
    return OneOf("regie", "Avoir", missing="Choisissez un avoir.", choices=choices)


async def _page(
    request: StaffRequest,
    payer: Payer,
    filled: Filled,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    due, credit = await _due_field(payer), await _credit_field(payer)
    known = {
        "payer": payer,
        "filled": filled,
        "errors": errors or {},
        "due": (due, GIVEN_UP, WHY, WORD) if due.choices else (),
        "credit": (credit, BACK, WHY_BACK) if credit.choices else (),
        "click": secrets.token_urlsafe(16),
        "place": f"{PLACE}/familles/{payer.id}",
    }
    return render(request, "admin/counter/corrections.html", known, status)


routes = [
    Route("/mairie/regie/familles/{id:int}", show, methods=["GET"]),
    Route("/mairie/regie/familles/{id:int}/abandon", give_up, methods=["POST"]),
    Route("/mairie/regie/familles/{id:int}/remboursement", give_back, methods=["POST"]),
]
