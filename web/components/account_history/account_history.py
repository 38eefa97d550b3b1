"""« Historique de mon compte »: each movement with its balance, till by till; and paying money in, in advance."""

import secrets
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models import banks
from models.checkout import amounts_due, settlement
from models.checkout.amounts_due import MOST, TooLittle
from models.checkout.submission import Stale, TooManyTries
from models.commune.till import Till
from models.french import month_name
from models.french.orders import not_started, too_many
from models.money import account_history
from models.money.account_history import Movement
from models.money.payment import BankAway, NotStarted
from models.rules.deadlines import PARIS
from models.rules.money import NBSP, cents, euros
from web.components.account_history import credits, refund
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.page.templates import render

HOME = "/compte/historique"
PAY_IN = "/compte/alimenter"
DRAWINGS = {
    "payment": "card",
    "reversal": "undo",
    "refund": "undo",
    "sale": "plan",
    "credit": "undo",
    "opening": "doc",
    "hold": "clock",
}
NOT_A_SUM = f"Écrivez un montant en euros, par exemple 20,00, jusqu’à {euros(MOST)}."
CLOSED = "Cette régie ne reçoit pas d’avance."


@dataclass(frozen=True, slots=True)
class Row:
    movement: Movement

    @property
    def day(self) -> date:
        return self.movement.at.astimezone(PARIS).date()

    @property
    def drawing(self) -> str:
        return DRAWINGS.get(self.movement.kind, "bill")

    @property
    def sum(self) -> str:
        """« +28,80 € », « −3,40 € »."""
        cents = self.movement.cents
        return f"+{euros(cents)}" if cents > 0 else euros(cents)

    @property
    def balance(self) -> str:
        return standing(self.movement.balance)

    @property
    def href(self) -> str:
        if self.movement.payment:
            return f"/paiement/{self.movement.payment}"
        return f"/factures/{self.movement.invoice}" if self.movement.invoice else ""


def standing(cents: int) -> str:
    """« solde 25,52 € à payer », « solde 3,28 € en votre faveur », « à jour »."""
    if not cents:
        return "à jour"
    return f"solde {euros(abs(cents))} {'à payer' if cents > 0 else 'en votre faveur'}"


@parent
async def show(request: ParentRequest) -> Response:
    tills = list((await request.catalogue()).tills.values())
    balances = await account_history.balances(request.user.family.id)
    known = [till for till in tills if till.id in balances] or tills[:1]
    asked = whole(request.query_params.get("regie"))
    till = next((one for one in known if one.id == asked), known[0] if known else None)
    number = max(1, min(whole(request.query_params.get("page")) or 1, 10_000))
    found: list[Movement] = []
    more = False
    if till:
        found, more = await account_history.page(request.user.family.id, till.id, number)
    months = [
        (month, list(those)) for month, those in groupby(map(Row, found), key=lambda row: month_name(row.day))
    ]
    context = {
        "tills": [(one, balances.get(one.id, 0), standing(balances.get(one.id, 0))) for one in known],
        "till": till,
        "months": months,
        "number": number,
        "more": more,
        "refundable": await refund.refundable(request),
        "done": request.query_params.get("fait") == "remboursement",
        "takes": [one for one in tills if one.advances and banks.of_till(one)],
    }
    return render(request, "account_history/page.html", context)


@parent
async def offer(request: ParentRequest) -> Response:
    return await _offer(request)


@parent
async def pay_in(request: ParentRequest) -> Response:
    sent, user = await form(request), request.user
    typed, click = str(sent.get("montant", "")), str(sent.get("click", ""))[:64] or secrets.token_urlsafe(16)
    till = next((one for one in await _open(request) if str(one.id) == str(sent.get("regie", ""))), None)
    if till is None:
        return await _offer(request, 422, {"regie": CLOSED}, typed)
    try:
        sum = cents(typed)
        if not 0 < sum <= MOST:
            raise ValueError(typed)
    except ValueError:
        return await _offer(request, 422, {"montant": NOT_A_SUM}, typed)
    try:
        payment = await amounts_due.pay_in(user.family.id, till, sum, request.now, click, user.guardian.id)
        return RedirectResponse(await settlement.begin(payment.id, request.now), 303)
    except Stale:
        return await _offer(request, 409, {"regie": CLOSED}, typed)
    except TooLittle as exc:
        least = f"Un paiement par carte est d’au moins {euros(exc.minimum)}."
        return await _offer(request, 422, {"montant": least}, typed)
    except TooManyTries as exc:
        return await _offer(request, 429, {"": too_many(exc.until)}, typed)
    except NotStarted as exc:
        return await _offer(request, 503, {"": not_started(bank_away=isinstance(exc, BankAway))}, typed)


routes = [
    Route(HOME, show, methods=["GET"]),
    Route(PAY_IN, offer, methods=["GET"]),
    Route(PAY_IN, pay_in, methods=["POST"]),
    *refund.routes,
    *credits.routes,
]


async def _open(request: ParentRequest) -> list[Till]:
    return [
        till for till in (await request.catalogue()).tills.values() if till.advances and banks.of_till(till)
    ]


async def _offer(
    request: ParentRequest, status: int = 200, errors: dict[str, str] | None = None, typed: str = ""
) -> Response:
    context = {
        "tills": await _open(request),
        "typed": typed.replace("€", "").replace(NBSP, " ").strip(),
        "click": secrets.token_urlsafe(16),
        "errors": errors or {},
    }
    return render(request, "account_history/pay_in.html", context, status)
