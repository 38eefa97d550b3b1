"""A reminder (relance) of invoices that are due: level 1 is kind, 2 is firm, 3 is the last before the title."""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Addressee, Issuer, Remedies, WaysToPay


@dataclass(frozen=True, slots=True)
class UnpaidInvoice:
    number: str
    issued_on: date
    due_on: date
    cents: int  # as it was issued
    rest_cents: int  # what is left of it


@dataclass(frozen=True, slots=True)
class Reminder:
    issuer: Issuer
    addressee: Addressee
    level: int  # 1, 2 or 3
    issued_on: date
    pay_by: date
    invoices: tuple[UnpaidInvoice, ...]
    ways_to_pay: WaysToPay
    remedies: Remedies

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"level {self.level}")

    @property
    def cents(self) -> int:
        return sum(invoice.rest_cents for invoice in self.invoices)
