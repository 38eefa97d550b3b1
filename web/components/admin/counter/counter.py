"""« Régie »: a day at the counter. Who comes to pay, what is due, how; the receipt, and the day's journal beside it."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.checkout.submission import Stale
from models.counter import taking
from models.counter.refunds import refund_list
from models.counter.taking import Taking
from models.rules.money import cents, euros
from models.rules.states.payments import AT_COUNTER, PaymentMethod
from models.rules.till.counter import NothingGiven, TooMuch
from web.components.admin.counter import (
    bank_corrections,
    closing,
    corrections,
    deposits,
    receipts,
    reconciliation,
    refunds,
    reminders,
    suspensions,
)
from web.components.admin.counter.place import PLACE, ROLES
from web.components.admin.counter.view import Asked, Desk, read
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.menu import Count, Entry
from web.page.templates import render

NOT_A_SUM = "Écrivez une somme en euros, par exemple 34,00."
CHANGED = "Ce qui est dû a changé entre-temps\u00a0: vérifiez les sommes, puis encaissez de nouveau."


async def _waiting(now: datetime) -> Count:
    number = await refund_list.number_waiting()
    return Count(number, "à rembourser" if number else "")


menu = Entry(
    PLACE,
    "Régie",
    "euro",
    roles=ROLES,
    order=57,
    shows=("contact", "money"),
    about="Encaisser au guichet, clôturer la journée, déposer, rembourser",
    count=_waiting,
)


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    desk = await read(request, _asked(request))
    if desk.payer is None and len(desk.found) == 1:
        return RedirectResponse(f"{PLACE}?famille={desk.found[0].id}", 303)
    return render(request, "admin/counter/page.html", {"desk": desk, "errors": {}})


@staff(*ROLES)
async def total(request: StaffRequest) -> Response:
    """What the sums that are ticked come to, and what is given back: asked for at each tick."""
    desk = await read(request, _asked(request))
    return render(request, "admin/counter/total.html", {"desk": desk})


@staff(*ROLES)
async def take(request: StaffRequest) -> Response:
    sent = await form(request)
    asked = Asked.of(sent, getattr(sent, "getlist", lambda name: [])("choix"))
    desk = await read(request, asked)
    if desk.payer is None or not asked.click:
        raise HTTPException(404)
    errors = _wrong(desk)
    if errors:
        return render(request, "admin/counter/page.html", {"desk": desk, "errors": errors}, 422)
    try:
        receipt = await taking.take(_taking(desk), request.user.member.id, request.now)
    except TooMuch as exc:
        over = f"{euros(exc.over)} de plus que ce qui est dû\u00a0: corrigez, ou gardez le surplus en avance."
        errors = {"donne": over}
    except NothingGiven:
        errors = {"donne": "Cochez ce qui est payé, ou gardez une somme en avance."}
    except Stale:
        errors = {"": CHANGED}
    else:
        done = f"recu={receipt.id}" if receipt else f"regle={desk.payer.id}"
        return RedirectResponse(f"{PLACE}?{done}", 303)
    desk = await read(request, asked)
    return render(request, "admin/counter/page.html", {"desk": desk, "errors": errors}, 422)


def _asked(request: StaffRequest) -> Asked:
    return Asked.of(request.query_params, request.query_params.getlist("choix"))


def _wrong(desk: Desk) -> dict[str, str]:
    """What nobody can be given a receipt for, by field."""
    asked, errors = desk.asked, {}
    if desk.till is None:
        errors[""] = "Une régie à la fois\u00a0: cochez les sommes d’une seule régie."
    if asked.method not in AT_COUNTER:
        errors["moyen"] = "Dites comment la famille paie."
    if asked.given:
        try:
            cents(asked.given)
        except ValueError:
            errors["donne"] = NOT_A_SUM
    if asked.method == PaymentMethod.CHEQUE and not (asked.paper_number and asked.bank):
        errors["numero" if not asked.paper_number else "banque"] = "Écrivez le numéro du chèque et sa banque."
    if asked.method == PaymentMethod.CESU and not asked.paper_number:
        errors["numero"] = "Écrivez le numéro du premier CESU."
    return errors


def _taking(desk: Desk) -> Taking:
    asked = desk.asked
    assert desk.payer and desk.till  # noqa: S101 (_wrong has said so)
    on_paper = asked.method in (PaymentMethod.CHEQUE, PaymentMethod.CESU)
    is_cheque = asked.method == PaymentMethod.CHEQUE
    return Taking(
        family=desk.payer.id,
        till=desk.till.id,
        chosen=asked.chosen,
        method=PaymentMethod(asked.method),
        given=cents(asked.given) if asked.given else None,
        keep=asked.keep,
        click=asked.click,
        shown=whole(asked.shown),
        paper_number=asked.paper_number if on_paper else "",
        bank=asked.bank if is_cheque else "",
        drawer=(asked.drawer or desk.payer.name) if is_cheque else "",
    )


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route("/mairie/regie/total", total, methods=["GET"]),
    Route("/mairie/regie/encaissements", take, methods=["POST"]),
    *receipts.routes,
    *closing.routes,
    *deposits.routes,
    *reconciliation.routes,
    *bank_corrections.routes,
    *corrections.routes,
    *refunds.routes,
    *suspensions.routes,
    *reminders.routes,
]
