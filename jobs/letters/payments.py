"""The receipt of a payment, and the letter about money that came when the places were gone."""

from jobs.letters import Draft, fit, write
from jobs.letters.french import moment_numeric
from jobs.letters.orders import Line, by_child, lines_of
from models.commune import Commune
from models.order import Order
from models.payment import Payment
from models.rules.money import NBSP, euros
from models.settings import Settings


async def receipt(settings: Settings, payment_id: int) -> None:
    payment = await Payment.get(id=payment_id).select_related("till", "order")
    order = payment.order
    facts = {
        "amount": payment.cents,
        "ticket": ticket(payment),
        "order": order,
        "children": by_child(await _paid(order)),
    }
    subject = f"Reçu de paiement{NBSP}: {euros(payment.cents)}"
    await write(settings, Draft("receipt", f"receipt:{payment.id}", payment.family_id, subject, facts))


async def late(settings: Settings, payment_id: int) -> None:
    """Paid after the hold, or twice: the money is a credit."""
    payment = await Payment.get(id=payment_id).select_related("till")
    others = Payment.filter(order_id=payment.order_id, state="paid").exclude(id=payment.id)
    facts = {
        "ticket": ticket(payment),
        "amount": payment.cents,
        "twice": await others.exists(),
        "refund": await Commune.filter(credit_refund=True).exists(),
    }
    amount = euros(payment.cents)
    subject = fit(f"Paiement de {amount} reçu{NBSP}: porté à votre avoir")
    await write(settings, Draft("late_payment", f"late:{payment.id}", payment.family_id, subject, facts))


async def _paid(order: Order) -> list[Line]:
    return await lines_of(order) if order.state == "confirmed" else []


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
