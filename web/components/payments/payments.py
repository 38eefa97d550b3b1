"""« Mes paiements »: what the family paid, month by month, and the way to each ticket."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.responses import Response
from starlette.routing import Route

from models.bookings import payment_list
from models.bookings.payment_list import PaymentLine
from models.french import month_name
from models.french.payments import CREDITED, METHODS, REVERSED, STATES, purpose
from models.rules.deadlines import PARIS
from models.rules.states.payments import OPEN, PaymentState
from web.http.auth import ParentRequest, parent
from web.http.forms import whole
from web.page.templates import render

DRAWINGS: dict[str, str] = {
    PaymentState.PAID: "m-booked",
    PaymentState.REFUSED: "m-refused",
    **dict.fromkeys((PaymentState.CANCELLED, PaymentState.EXPIRED), "m-cancel"),
    **dict.fromkeys(OPEN, "clock"),
}


@dataclass(frozen=True, slots=True)
class Row:
    line: PaymentLine
    purpose: str
    own: bool  # else of a file that was merged into the family's

    @property
    def day(self) -> date:
        return self.line.at.astimezone(PARIS).date()

    @property
    def state(self) -> str:
        if self.line.is_reversed:
            return REVERSED
        if self.line.taken_by:
            return f"au guichet, {METHODS[self.line.taken_by]}"
        return CREDITED if self.line.is_credit else STATES[self.line.state]

    @property
    def drawing(self) -> str:
        return "m-refused" if self.line.is_reversed else DRAWINGS[self.line.state]


@parent
async def show(request: ParentRequest) -> Response:
    asked = whole(request.query_params.get("page")) or 1
    found = await payment_list.page(request.user.family.id, asked)
    paid = await payment_list.purposes([line.id for line in found.rows])
    own = request.user.family.id
    rows = [Row(line, purpose(paid[line.id]), line.family == own) for line in found.rows]
    months = [(name, list(those)) for name, those in groupby(rows, key=lambda row: month_name(row.day))]
    return render(request, "payments/page.html", {"found": found, "months": months})


routes = [Route("/paiements", show)]
