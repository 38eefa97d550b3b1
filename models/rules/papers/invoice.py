"""An invoice, and the credit note that corrects one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.papers.datamatrix import Debt
from models.rules.papers.parties import Addressee, Issuer, Remedies, WaysToPay


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Quantity times unit price, less the aid, is the amount; else ValueError. A credit note's are negative."""

    child: str
    label: str  # the service: « Accueil du soir »
    first: date | None  # None: the label says when, or nobody knows
    last: date | None  # « Du 01/09/2022 au 30/09/2022 »
    quantity: int
    unit_cents: int
    cents: int
    days: str = ""  # « 5, 6, 8 et 12 oct. (12 : absence facturée) »
    care_cents: int | None = None  # how much of the amount is care; the rest is the meal
    aid_cents: int = 0  # taken off: positive
    aid_label: str = ""  # « Aide CAF »

    def __post_init__(self) -> None:
        if self.cents != self.quantity * self.unit_cents - self.aid_cents:
            raise ValueError(f"{self.quantity} × {self.unit_cents} − {self.aid_cents} is not {self.cents}")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What joins the lines before « Net à payer »: + what was still owed, − a credit that is used."""

    label: str  # « Avoir du 03/11/2026 (cantine, Emma) »
    cents: int


@dataclass(frozen=True, slots=True)
class Invoice:
    issuer: Issuer
    addressee: Addressee
    number: str
    issued_on: date
    first: date
    last: date  # the period invoiced
    due_on: date
    lines: tuple[InvoiceLine, ...]
    ways_to_pay: WaysToPay
    remedies: Remedies
    basis: tuple[str, ...] = ()  # why these prices: quotient, tariff, until when
    adjustments: tuple[Adjustment, ...] = ()
    debt: Debt | None = None  # sent by ORMC, so that a tobacconist can read it

    @property
    def cents(self) -> int:
        return total(self.lines)

    @property
    def to_pay_cents(self) -> int:
        """With balance and credits; below zero, what stays a credit."""
        return self.cents + total(self.adjustments)


@dataclass(frozen=True, slots=True)
class CreditNote:
    issuer: Issuer
    addressee: Addressee
    number: str
    issued_on: date
    invoice_number: str  # the one it corrects
    invoice_issued_on: date
    reason: str  # « Absence pour maladie, certificat reçu le 12/10/2026 »
    lines: tuple[InvoiceLine, ...]
    effect: str  # a sentence: what becomes of the amount
    remedies: Remedies

    def __post_init__(self) -> None:
        if self.cents >= 0:
            raise ValueError(f"a credit note of {self.cents} cents gives nothing back")

    @property
    def cents(self) -> int:
        """Below zero."""
        return total(self.lines)


def total(amounts: Iterable[InvoiceLine | Adjustment]) -> int:
    return sum(amount.cents for amount in amounts)
