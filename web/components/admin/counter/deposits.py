"""« Remises »: the cheques, CESU and cash that go to the bank, under one number, with their slip."""

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter import closing, deposit
from models.counter.deposit import Deposit, GoneAlready, MoreThanHeld, NothingToDeposit
from models.french.payments import TITLES
from models.rules.money import cents, euros
from models.rules.states.documents import DocumentKind
from web.components.admin.counter.place import PLACE, ROLES, paper, till_of
from web.components.admin.kit.table import ids
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

FEW = 20  # slips that the page lists


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await _page(request, await till_of(request.query_params.get("regie")))


@staff(*ROLES)
async def make(request: StaffRequest) -> Response:
    sent = await form(request)
    till = await till_of(sent.get("regie"))
    chosen, typed, click = (
        ids(sent.getlist("recu")),
        str(sent.get("especes", "")).strip(),
        str(sent.get("click", "")),
    )
    if not click or len(click) > 64:
        raise HTTPException(422)
    try:
        cash = cents(typed) if typed else 0
        await deposit.deposit(till, chosen, cash, click, request.user.member.id, request.now)
    except ValueError:
        errors = {"especes": "Écrivez une somme en euros, par exemple 55,20."}
    except NothingToDeposit:
        errors = {"": "Cochez au moins un chèque, ou écrivez combien d’espèces sont déposées."}
    except GoneAlready:
        errors = {"": "Un de ces chèques n’est plus en caisse\u00a0: vérifiez la liste."}
    except MoreThanHeld as exc:
        errors = {"especes": f"La caisse ne contient que {euros(exc.held)} de recettes en espèces."}
    else:
        return RedirectResponse(f"{PLACE}/remises?regie={till.id}", 303)
    return await _page(request, till, {"especes": typed}, chosen, errors, 422)


@staff(*ROLES)
async def pdf(request: StaffRequest) -> Response:
    if not await Deposit.exists(id=request.number("id")):
        raise HTTPException(404)
    return await paper(request, DocumentKind.DEPOSIT, request.number("id"))


async def _page(
    request: StaffRequest,
    till: Till,
    typed: Mapping[str, str] | None = None,
    chosen: list[int] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    held = await deposit.held_papers(till.id)
    day = await closing.open_day(till.id, request.now.date())
    known: dict[str, Any] = {
        "till": till,
        "tills": await Till.all().order_by("position", "id"),
        "held": held,
        "chosen": [one.receipt for one in held] if chosen is None else chosen,
        "cash": await closing.cash_of(till.id, day),
        "made": await Deposit.filter(till_id=till.id).order_by("-id").limit(FEW).select_related("member"),
        "means": TITLES,
        "typed": typed or {},
        "errors": errors or {},
        "click": secrets.token_urlsafe(16),
        "place": f"{PLACE}/remises",
    }
    return render(request, "admin/counter/deposits.html", known, status)


routes = [
    Route("/mairie/regie/remises", show, methods=["GET"]),
    Route("/mairie/regie/remises", make, methods=["POST"]),
    Route("/mairie/regie/remises/{id:int}/pdf", pdf, methods=["GET"]),
]
