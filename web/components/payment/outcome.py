"""What a payment's page tells, from its state and from the other orders of the same click."""

from dataclasses import dataclass

from models.bookings import summary
from models.bookings.order import Order
from models.bookings.summary import Summary
from models.french.payments import SPARE
from models.money import invoice_list
from models.money.anomaly import Anomaly
from models.money.payment import Payment, PaymentPart
from models.rules.money import euros
from models.rules.states.orders import OrderKind, OrderState
from models.rules.states.payments import CLOSED, OPEN, UNHEARD, PartKind, PaymentState

WAITS, LATE, CREDITED = "waiting", "late", "credited"  # what a page says beside the states of a payment
HEADINGS: dict[str, str] = {
    PaymentState.CREATED: "Paiement à faire",
    WAITS: "Nous attendons la confirmation de votre banque…",
    PaymentState.PAID: "Paiement réalisé avec succès",
    LATE: "Paiement arrivé trop tard",
    CREDITED: "Paiement porté à votre avoir",
    PaymentState.REFUSED: "Paiement refusé par votre banque",
    PaymentState.CANCELLED: "Paiement annulé",
    PaymentState.EXPIRED: "Paiement non effectué",
}

TONES: dict[str, str] = {  # classes of the style sheet
    PaymentState.PAID: "paid",
    PaymentState.REFUSED: "refused",
    LATE: "refused",
    CREDITED: "refused",
}
DRAWINGS: dict[str, str] = {
    PaymentState.PAID: "m-booked",
    PaymentState.REFUSED: "m-refused",
    LATE: "alert",
    CREDITED: "alert",
}

AFTER = "Votre banque a confirmé ce paiement après la fin du délai"
WHY = {  # the money is a credit
    "late": f"{AFTER}, et ces jours ne peuvent plus être réservés.",
    "full": f"{AFTER}, et il n’y avait plus de place.",
    "taken": f"{AFTER}, et ces jours étaient déjà réservés ou annulés.",
    "short": f"{AFTER}, et l’avoir qui devait le compléter a servi entre-temps.",
    "member": "Cette adhésion était déjà payée\u00a0: l’activité est ouverte à votre enfant.",
    "twice": "Ces réservations étaient déjà payées.",
    "fault": "Le portail n’a pas pu enregistrer ce que vous avez payé\u00a0: l’erreur vient de nous.",
}
TOO_LATE = ("late", "full", "taken", "short")
HAS_ALL = ("taken", "member", "twice")  # nothing is missing


@dataclass(frozen=True, slots=True)
class Outcome:
    payment: Payment
    order: Order | None  # what waits for it; none for an invoice or an advance
    debt: int  # of it, what settles a restant dû
    shown: Summary  # what it was for
    invoiced: int  # lines of the same click that stand whatever the bank says
    next: Payment | None  # the till to pay after this one
    first: bool  # the family's first booking
    spare: dict[str, int]  # of what was paid, what became a credit: "debt", "member"
    returned: bool  # straight from the bank's page
    paid_for: list[tuple[str, int]]  # without an order: each invoice or debt, and how much of it, in cents
    advances: bool  # nothing is due: it is paid in, in advance

    @property
    def kind(self) -> str:
        """A key of HEADINGS."""
        if self.charged and self.payment.anomaly:
            late = self.payment.anomaly in TOO_LATE or self.payment.anomaly not in WHY
            return LATE if late else CREDITED
        if self.payment.state == PaymentState.REDIRECTED or (self.returned and self.unsure):
            return WAITS
        return self.payment.state

    @property
    def unsure(self) -> bool:
        """The portal waits no longer, but somebody was led to the bank, which has not said how it ended."""
        payment = self.payment
        return not payment.heard and payment.bank_url is not None and payment.state in UNHEARD

    @property
    def why(self) -> str:
        """Why the money is a credit, and what that means for the days."""
        reason = self.payment.anomaly or ""
        said = WHY.get(reason, f"{AFTER}.")
        if reason == "late" and self.joins:
            said = f"{AFTER}, et cette inscription n’est plus possible."
        return said if reason in HAS_ALL else f"{said} {self.what}"

    @property
    def spared(self) -> list[str]:
        """What was paid and served for nothing."""
        return [
            f"{euros(cents)} sont un avoir sur votre compte\u00a0: {SPARE[kind]}."
            for kind, cents in self.spare.items()
        ]

    @property
    def tone(self) -> str:
        return TONES.get(self.kind, "waiting")

    @property
    def drawing(self) -> str:
        return DRAWINGS.get(self.kind, "clock")

    @property
    def heading(self) -> str:
        return HEADINGS[self.kind]

    @property
    def final(self) -> bool:
        return not (self.is_to_pay or self.is_waiting)

    @property
    def charged(self) -> bool:
        """The money was taken, whatever it came to."""
        return self.payment.state == PaymentState.PAID

    @property
    def is_paid(self) -> bool:
        """And what it was for took effect."""
        return self.kind == PaymentState.PAID

    @property
    def is_credit(self) -> bool:
        return self.kind in (LATE, CREDITED)

    @property
    def is_expired(self) -> bool:
        return self.kind == PaymentState.EXPIRED

    @property
    def is_lost(self) -> bool:
        """Not paid, and over: it can be tried again."""
        return self.kind in CLOSED

    @property
    def is_waiting(self) -> bool:
        return self.kind == WAITS

    @property
    def is_to_pay(self) -> bool:
        return self.kind == PaymentState.CREATED

    @property
    def joins(self) -> bool:
        return self.order is not None and self.order.kind == OrderKind.MEMBERSHIP

    @property
    def is_due(self) -> bool:
        """It pays invoices or debts, no order: nothing was drafted or held for it."""
        return self.order is None

    @property
    def place(self) -> tuple[str, str]:
        """Where it began: the words of the way back to it, and of the breadcrumb."""
        if self.advances:
            return "Retour à mon compte", "Mon compte"
        if self.is_due:
            return "Retour à mes factures", "Factures"
        if self.joins:
            return "Retour aux inscriptions", "Inscriptions en paiement immédiat"
        return "Retour au récapitulatif", "Récapitulatif"

    @property
    def what(self) -> str:
        """What is lost when it is not paid."""
        if self.advances:
            return "Rien n’est porté sur votre compte."
        if self.is_due:
            return "Ces sommes restent à payer."
        if not self.joins:
            return "Vos réservations ne sont pas prises en compte."
        return "Votre adhésion n’est pas prise en compte."

    @property
    def start(self) -> str:
        if self.is_due:
            return "/compte/historique" if self.advances else "/factures"
        return "/inscriptions/paiement-immediat" if self.joins else "/planning/recapitulatif"


async def outcome(payment: Payment, returned: bool) -> Outcome:
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
    return Outcome(
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
        returned=returned,
        paid_for=[] if order else await invoice_list.paid_with(payment.id),
        advances=order is None and advances,
    )


async def _others(order: Order) -> list[Order]:
    """Of the same click."""
    return await Order.filter(family_id=order.family_id, click=order.click).exclude(id=order.id)
