"""An account statement: every movement of a family at a till, with its running balance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Addressee, Issuer


@dataclass(frozen=True, slots=True)
class Movement:
    day: date
    label: str
    cents: int  # as in the ledger: + the family owes, − it paid or has a credit
    reference: str = ""


@dataclass(frozen=True, slots=True)
class AccountStatement:
    issuer: Issuer
    addressee: Addressee
    issued_on: date
    first: date
    last: date
    opening_cents: int
    movements: tuple[Movement, ...]

    def running(self) -> Iterator[tuple[Movement, int]]:
        """Each movement with the balance after it."""
        balance = self.opening_cents
        for movement in self.movements:
            balance += movement.cents
            yield movement, balance

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(movement.cents for movement in self.movements)
