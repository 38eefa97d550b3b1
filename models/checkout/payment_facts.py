"""What a payment came to: its order, the other orders of the same click, what of it became a credit."""

from dataclasses import dataclass

from models.bookings import summary
from models.bookings.order import Order
from models.bookings.summary import Summary
from models.french.payments import SPARE
from models.money import invoice_list
from models.money.anomaly import Anomaly
from models.money.payment import Payment, PaymentPart
from models.rules.states.orders import OrderKind, OrderState
from models.rules.states.payments import OPEN, UNHEARD, PartKind, PaymentState


@dataclass(frozen=True)
class PaymentFacts:
    payment: Payment
    order: Order | None  # what waits for it; none for an invoice or an advance
    debt: int  # of it, what settles a restant dû, in cents
    shown: Summary  # what it was for
    invoiced: int  # lines of the same click that stand whatever the bank says
    next: Payment | None  # the till to pay after this one
    first: bool  # the family's first booking
    spare: dict[str, int]  # of what was paid, the cents that became a credit: by a key of SPARE
    paid_for: list[tuple[str, int]]  # without an order: each invoice or debt, and how much of it, in cents
    advances: bool  # nothing is due: it is paid in, in advance

    @property
    def unsure(self) -> bool:
        """The portal waits no longer, but somebody was led to the bank, which has not said how it ended."""
        payment = self.payment
        return not payment.heard and payment.bank_url is not None and payment.state in UNHEARD

    @property
    def charged(self) -> bool:
        """The money was taken, whatever it came to."""
        return self.payment.state == PaymentState.PAID

    @property
    def joins(self) -> bool:
        return self.order is not None and self.order.kind == OrderKind.MEMBERSHIP


async def read(payment: Payment) -> PaymentFacts:
    order = await Order.get_or_none(id=payment.order_id)
    spare = Anomaly.filter(payment_id=payment.id, kind__in=list(SPARE)) if payment.paid_at else None
    debts = await PaymentPart.filter(payment_id=payment.id, kind=PartKind.DEBT).values_list(
        "cents", flat=True
    )
    others = await _others(order) if order else []
    stands = [
        other for other in others if other.kind == OrderKind.INVOICED and other.state == OrderState.CONFIRMED
    ]
    held = [other.id for other in others if other.state == OrderState.HELD]
    mine = Payment.filter(family_id=payment.family_id, state__in=OPEN).exclude(id=payment.id)
    due = mine.filter(order_id__in=held) if order else mine.filter(click=payment.click)
    due = due.order_by("id").select_related("till")
    advances = await PaymentPart.exists(payment_id=payment.id, kind=PartKind.ADVANCE)
    return PaymentFacts(
        payment=payment,
        order=order,
        debt=sum(debts),  # type: ignore[arg-type]
        shown=await summary.of_orders(
            [order] if order else [], credited=bool(payment.paid_at and payment.anomaly)
        ),
        invoiced=len((await summary.of_orders(stands)).items) if stands else 0,
        next=await due.first() if held or (order is None and payment.click) else None,
        first=order is not None
        and order.kind != OrderKind.MEMBERSHIP
        and await Order.is_first(order.family_id, order.click),
        spare=dict(await spare.values_list("kind", "cents")) if spare and not payment.anomaly else {},
        paid_for=[] if order else await invoice_list.paid_with(payment.id),
        advances=order is None and advances,
    )


async def _others(order: Order) -> list[Order]:
    """Of the same click."""
    return await Order.filter(family_id=order.family_id, click=order.click).exclude(id=order.id)
