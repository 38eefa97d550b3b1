"""What a payment was for, how it ended, what became of its money."""

from collections.abc import Mapping
from datetime import date

from models.french.dates import day_numeric
from models.french.numbers import plural
from models.rules.money import NBSP, euros
from models.rules.states.orders import LineAction
from models.rules.states.payments import PartKind, PaymentMethod, PaymentState

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
METHODS = {
    PaymentMethod.CARD: "carte",
    PaymentMethod.CASH: "espèces",
    PaymentMethod.CHEQUE: "chèque",
    PaymentMethod.CESU: "CESU",
    PaymentMethod.TRANSFER: "virement",
    PaymentMethod.DEBIT: "prélèvement",
}
TITLES = {method: name[0].upper() + name[1:] for method, name in METHODS.items()}
_BY = {PaymentMethod.CASH: "en espèces", PaymentMethod.CARD: "par carte au guichet"}
REVERSED = "annulé par la mairie"
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


WRITTEN_OFF = "Somme abandonnée par la mairie"
REFUND_ASKED = "Remboursement demandé"
REFUND_SENT = "Remboursement envoyé"
REFUND_ON_CARD = "Remboursement sur la carte"
BANK_CHANGED = "la régie a changé de banque"
REFUND_REFUSED = "Remboursement refusé, porté à votre avoir"


def taken_label(method: PaymentMethod, number: str) -> str:
    """« Paiement en espèces, reçu n° R2026-00012 », as the family's account says it."""
    return f"Paiement {_BY.get(method, f'par {METHODS[method]}')}, reçu n°{NBSP}{number}"


def handed_over_label(number: str) -> str:
    return f"Remboursement en espèces, décharge n°{NBSP}{number}"


def reversed_label(number: str) -> str:
    return f"Paiement annulé, reçu n°{NBSP}{number}"


REFUNDED_BY = {
    PaymentMethod.TRANSFER: "par virement",
    PaymentMethod.CASH: "en espèces, au guichet",
    PaymentMethod.CARD: "sur la carte qui avait payé",
}
SEEN_AT_BANK = "Virement vu à la banque"
NOT_AT_BANK = "Virement qui n’était pas celui de la banque"


def deposit_label(number: str) -> str:
    return f"Bordereau de versement n°{NBSP}{number}"


def suspended_above(above: int, days: int) -> str:
    """« Au-delà de 150,00 € en retard depuis plus de 60 jours, les réservations sont suspendues… »"""
    since = f" depuis plus de {plural(days, 'jour').replace(' ', NBSP)}" if days else ""
    return f"Au-delà de {euros(above)} en retard{since}, les réservations sont suspendues jusqu’au règlement."


def arrears(till: str, late: int, limit: str, *, suspended: bool, exempt: date | None) -> str:
    """What a family is told that is late with `late` cents; `limit`: the sentence of `suspended_above`."""
    if suspended:
        after = "Vos réservations sont suspendues jusqu’au règlement. Annuler reste possible."
    elif exempt:
        after = f"La mairie maintient vos réservations jusqu’au {day_numeric(exempt)}."
    else:
        after = limit
    return f"{till}{NBSP}: {euros(late)} en retard. {after}"
