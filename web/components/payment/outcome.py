"""What a payment's page tells, from its state and from the other orders of the same click."""

from dataclasses import dataclass

from models.order import Order
from models.payment import OPEN, Payment
from web.orders import Done, told

HEADINGS = {
    "created": "Paiement à faire",
    "waiting": "Nous attendons la confirmation de votre banque…",
    "paid": "Paiement réalisé avec succès",
    "late": "Paiement arrivé trop tard",
    "refused": "Paiement refusé par votre banque",
    "cancelled": "Paiement annulé",
    "expired": "Paiement non effectué",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    payment: Payment
    shown: Done  # what it was for
    invoiced: int  # lines of the same click that stand whatever the bank says
    next: Payment | None  # the till to pay after this one
    first: bool  # the family's first booking

    @property
    def kind(self) -> str:
        """created | waiting | paid | late | refused | cancelled | expired."""
        if self.payment.state == "paid":
            return "paid" if self.payment.order.state == "confirmed" else "late"
        return "waiting" if self.payment.state == "redirected" else self.payment.state

    @property
    def heading(self) -> str:
        return HEADINGS[self.kind]

    @property
    def final(self) -> bool:
        return self.payment.state not in OPEN

    @property
    def joins(self) -> bool:
        return self.payment.order.kind == "membership"

    @property
    def what(self) -> str:
        """What is lost when it is not paid."""
        if not self.joins:
            return "Vos réservations ne sont pas prises en compte."
        return "Votre adhésion n’est pas prise en compte."

    @property
    def start(self) -> str:
        return "/inscriptions/paiement-immediat" if self.joins else "/planning/recapitulatif"


async def outcome(payment: Payment) -> Outcome:
    order = payment.order
    others = await Order.filter(family_id=order.family_id, click=order.click).exclude(id=order.id)
    stands = [other for other in others if other.kind == "invoiced" and other.state == "confirmed"]
    held = [other.id for other in others if other.state == "held"]
    due = Payment.filter(order_id__in=held, state__in=OPEN).order_by("id").select_related("till")
    return Outcome(
        payment=payment,
        shown=await told([order]),
        invoiced=len((await told(stands)).items) if stands else 0,
        next=await due.first() if held else None,
        first=order.kind != "membership" and await Order.is_first(order.family_id, order.click),
    )
