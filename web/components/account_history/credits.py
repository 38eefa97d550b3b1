"""« Mes avoirs »: till by till, what the family has in its favour, where it came from and what used it."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from models.commune.till import Till
from models.french import day_numeric
from models.money import account_history, amounts_due
from models.money.account_history import CreditMovement
from models.rules.deadlines import PARIS
from models.rules.money import euros
from web.components.account_history import refund
from web.http.auth import ParentRequest, parent
from web.page.templates import render


@dataclass(frozen=True, slots=True)
class Row:
    movement: CreditMovement

    @property
    def day(self) -> str:
        return day_numeric(self.movement.at.astimezone(PARIS).date())

    @property
    def drawing(self) -> str:
        return "undo" if self.movement.cents > 0 else "euro"

    @property
    def origin(self) -> str:
        """« Annulation, Chloé – ACM du Soir du 07/09/2018 », else as the account calls it."""
        back = self.movement.given_back
        if not back:
            return self.movement.label
        days = ", ".join(f"{child} – {slot} du {day_numeric(day)}" for child, slot, day in back)
        return f"Annulation, {days}"

    @property
    def sum(self) -> str:
        cents = self.movement.cents
        return f"+{euros(cents)}" if cents > 0 else euros(cents)


@dataclass(frozen=True, slots=True)
class TillCredit:
    till: Till
    credit: int  # cents that can be spent
    rows: Sequence[Row]


@parent
async def show(request: ParentRequest) -> Response:
    family = request.user.family.id
    credits, found = await amounts_due.credits_of(family), []
    for till in (await request.catalogue()).tills.values():
        moves = await account_history.credit_movements(family, till.id)
        if moves:
            found.append(TillCredit(till, credits.get(till.id, 0), [Row(move) for move in moves]))
    context = {"credits": found, "refundable": await refund.refundable(request)}
    return render(request, "account_history/credits.html", context)


routes = [Route("/factures/avoirs", show, methods=["GET"])]
