"""The receipt of a payment, and what is said of money that is a credit: come too late, or paid twice."""

from collections.abc import Sequence

from models.bookings.order import Order
from models.commune.commune import Commune
from models.counter.receipt import Receipt
from models.french import moment_numeric
from models.french.payments import METHODS, SPARE
from models.money import invoice_list
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.notices.days.order_lines import VOID, Line, by_child, lines_of
from models.notices.message import Message, fit, words_of
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import OrderKind, OrderState
from models.rules.states.payments import PaymentMethod
from models.work.notice import Notice

TOO_LATE = {
    "late": f"trop tard pour vos réservations{NBSP}: ces jours ne peuvent plus être réservés",
    "full": f"trop tard pour vos réservations{NBSP}: il n’y a plus de place",
    "taken": f"trop tard{NBSP}: ces jours étaient déjà réservés ou annulés",
    "short": f"trop tard pour vos réservations{NBSP}: l’avoir qui devait le compléter a servi entre-temps",
}
OTHERWISE = {
    "twice": "cette commande était déjà payée",
    "fault": f"le portail n’a pas pu enregistrer ce qu’il payait{NBSP}: l’erreur vient de nous",
}
UNSAID = f"trop tard pour vos réservations{NBSP}: les places n’étaient plus gardées"
TOO_LATE_TO_JOIN = f"trop tard pour votre inscription{NBSP}: elle n’est plus possible"


@words_of(NoticeKind.PAYMENT_RECEIVED, "Votre paiement est reçu.", "/paiements")
async def received(digest: Sequence[Notice]) -> Message:
    payment = await Payment.get(id=digest[0].id_of_about).select_related("till")
    order = await Order.get_or_none(id=payment.order_id)
    spare = Anomaly.filter(payment_id=payment.id, kind__in=list(SPARE)).order_by("id")
    facts = {
        "amount": payment.cents,
        "ticket": await _at_counter(payment) or ticket(payment),
        "order": order,
        "children": by_child(await _paid(order)) if order else [],
        "spare": [(SPARE[row.kind], row.cents) for row in await spare],
    }
    return Message(f"Reçu de paiement{NBSP}: {euros(payment.cents)}", template="receipt", facts=facts)


async def _at_counter(payment: Payment) -> list[tuple[str, str]]:
    """What the receipt of a counter says; nothing for a payment by card on the portal."""
    receipt = await Receipt.get_or_none(payment_id=payment.id)
    if receipt is None:
        return []
    return [
        ("Reçu n°", receipt.number),
        ("Guichet", payment.till.name),
        ("Date et heure", moment_numeric(receipt.taken_at)),
        ("Moyen de paiement", METHODS[PaymentMethod(payment.method)]),
        *((label, euros(cents)) for label, cents in await invoice_list.paid_with(payment.id)),
        ("Montant", euros(payment.cents)),
    ]


@words_of(NoticeKind.PAYMENT_LATE, "Un paiement est arrivé trop tard.", "/paiements")
async def late(digest: Sequence[Notice]) -> Message:
    """Paid after the hold, or what was paid already: all of it is a credit."""
    payment = await Payment.get(id=digest[0].id_of_about).select_related("till")
    joins = await Order.exists(id=payment.order_id, kind=OrderKind.MEMBERSHIP)
    why, amount = payment.anomaly or "", euros(payment.cents)
    facts = {
        "ticket": ticket(payment),
        "amount": payment.cents,
        "because": _because(why, joins),
        "redo": not joins and why not in ("taken", "twice"),
        "refund": await Commune.filter(credit_refund=True).exists(),
    }
    if why == "member":
        template, title = "second_membership", f"Adhésion déjà payée{NBSP}: {amount} portés à votre avoir"
    elif why in TOO_LATE:
        template, title = "late_payment", f"Payé trop tard{NBSP}: {amount} portés à votre avoir"
    else:
        template, title = "late_payment", f"Paiement de {amount} reçu{NBSP}: porté à votre avoir"
    return Message(fit(title), template=template, facts=facts)


def _because(why: str, joins: bool) -> str:
    if why == "late" and joins:
        return TOO_LATE_TO_JOIN
    return TOO_LATE.get(why) or OTHERWISE.get(why, UNSAID)


async def _paid(order: Order) -> list[Line]:
    lines = await lines_of(order) if order.state == OrderState.CONFIRMED else []
    return [line for line in lines if line.fate != VOID]


def ticket(payment: Payment) -> list[tuple[str, str]]:
    """« Ticket à conserver »: what a bank prints."""
    moment = payment.paid_at or payment.made_at
    lines = (
        ("Commerçant", payment.till.bank_label),
        ("N° de commerçant", payment.till.numcli),
        ("Montant", euros(payment.cents)),
        ("Date et heure", moment_numeric(moment)),
        ("Carte", payment.card),
        ("Autorisation", payment.authorisation),
        ("Transaction", payment.transaction),
        ("Référence", payment.reference),
    )
    return [(label, value) for label, value in lines if value]
