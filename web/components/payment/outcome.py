"""What a payment's page tells, from its state and from the other orders of the same click."""

from dataclasses import dataclass

from models.checkout import payment_facts
from models.checkout.payment_facts import PaymentFacts
from models.counter.papers import details
from models.counter.receipt import Receipt
from models.counter.reversal import Reversal
from models.french.payments import METHODS, SPARE
from models.money.issued_document import IssuedDocument, document_key
from models.money.payment import Payment
from models.rules.money import euros
from models.rules.states.documents import DocumentKind
from models.rules.states.payments import CLOSED, PaymentMethod, PaymentState

WAITS, LATE, CREDITED = "waiting", "late", "credited"  # what a page says beside the states of a payment
COUNTER, REVERSED = "counter", "reversed"  # of what a till took itself
HEADINGS: dict[str, str] = {
    PaymentState.CREATED: "Paiement à faire",
    WAITS: "Nous attendons la confirmation de votre banque…",
    PaymentState.PAID: "Paiement réalisé avec succès",
    COUNTER: "Paiement reçu au guichet",
    REVERSED: "Paiement annulé par la mairie",
    LATE: "Paiement arrivé trop tard",
    CREDITED: "Paiement porté à votre avoir",
    PaymentState.REFUSED: "Paiement refusé par votre banque",
    PaymentState.CANCELLED: "Paiement annulé",
    PaymentState.EXPIRED: "Paiement non effectué",
}

TONES: dict[str, str] = {  # classes of the style sheet
    PaymentState.PAID: "paid",
    COUNTER: "paid",
    REVERSED: "refused",
    PaymentState.REFUSED: "refused",
    LATE: "refused",
    CREDITED: "refused",
}
DRAWINGS: dict[str, str] = {
    PaymentState.PAID: "m-booked",
    COUNTER: "m-booked",
    REVERSED: "alert",
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


@dataclass(frozen=True)
class Outcome(PaymentFacts):
    """The facts of a payment in the words of its page."""

    returned: bool  # straight from the bank's page
    receipt: Receipt | None  # of what a counter took
    drawn: bool  # is the receipt's paper there?
    taken_back: Reversal | None

    @property
    def kind(self) -> str:
        """A key of HEADINGS."""
        if self.receipt:
            return REVERSED if self.taken_back else COUNTER
        if self.charged and self.payment.anomaly:
            late = self.payment.anomaly in TOO_LATE or self.payment.anomaly not in WHY
            return LATE if late else CREDITED
        if self.payment.state == PaymentState.REDIRECTED or (self.returned and self.unsure):
            return WAITS
        return self.payment.state

    @property
    def means(self) -> str:
        return METHODS[PaymentMethod(self.payment.method)]

    @property
    def details(self) -> str:
        """Of a cheque or of CESU."""
        return details(self.receipt) if self.receipt else ""

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
    facts = await payment_facts.read(payment)
    receipt = await Receipt.get_or_none(payment_id=payment.id)
    drawn = receipt and await IssuedDocument.exists(key=document_key(DocumentKind.RECEIPT, receipt.id))
    return Outcome(
        **vars(facts),
        returned=returned,
        receipt=receipt,
        drawn=bool(drawn),
        taken_back=await Reversal.get_or_none(payment_id=payment.id) if receipt else None,
    )
