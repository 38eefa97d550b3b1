"""What a payment was for, how it ended, what became of its money."""

from collections.abc import Mapping

from models.french.numbers import plural
from models.rules.states.orders import LineAction
from models.rules.states.payments import PartKind, PaymentState

SPARE = {  # paid for nothing, by the kind of anomaly: « 3,40 € sont un avoir sur votre compte : … »
    "debt": "votre restant dû avait été réglé entre-temps",
    "member": "une de ces adhésions était déjà payée",
}

STATES: dict[str, str] = {
    PaymentState.CREATED: "à payer",
    PaymentState.REDIRECTED: "en cours",
    PaymentState.PAID: "payé",
    PaymentState.REFUSED: "refusé par la banque",
    PaymentState.CANCELLED: "annulé",
    PaymentState.EXPIRED: "non effectué",
}
CREDITED = "payé, porté à votre avoir"


def purpose(numbers: Mapping[str, int]) -> str:
    """« 3 réservations, 1 adhésion »: what one payment is for, how many of each LineAction and PartKind."""
    memberships = numbers.get(LineAction.MEMBERSHIP, 0) + numbers.get(LineAction.VOID, 0)
    counted = (
        (numbers.get(LineAction.ADD, 0), "réservation"),
        (memberships, "adhésion"),
        (numbers.get(LineAction.CANCEL, 0), "annulation"),
        (numbers.get(PartKind.INVOICE, 0), "facture"),
    )
    said = [plural(number, noun) for number, noun in counted if number]
    said += ["restant dû"] if numbers.get(PartKind.DEBT) else []
    said += ["avance"] if numbers.get(PartKind.ADVANCE) else []
    return ", ".join(said)
