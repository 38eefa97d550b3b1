"""A deposit slip (bordereau de versement): what the till hands over to the accountant, by means."""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Issuer


@dataclass(frozen=True, slots=True)
class Cheque:
    number: str
    bank: str
    drawer: str
    cents: int
    receipt: str = ""  # the receipt's number


@dataclass(frozen=True, slots=True)
class Cash:
    """So many coins or notes of one value."""

    value_cents: int
    count: int

    @property
    def cents(self) -> int:
        return self.value_cents * self.count


@dataclass(frozen=True, slots=True)
class MeansTotal:
    """What one means brought. Cheques one by one and coins by value, where they are given, make up the total: else
    ValueError."""

    means: str  # « Espèces », « Chèques », « CESU »
    count: int  # payments
    cents: int
    cash: tuple[Cash, ...] = ()
    cheques: tuple[Cheque, ...] = ()

    def __post_init__(self) -> None:
        listed = sum(cash.cents for cash in self.cash) + sum(cheque.cents for cheque in self.cheques)
        if (self.cash or self.cheques) and listed != self.cents:
            raise ValueError(f"{self.means}: {listed} cents are listed of {self.cents}")


@dataclass(frozen=True, slots=True)
class DepositSlip:
    issuer: Issuer
    number: str
    issued_on: date
    first: date
    last: date  # days of the takings
    recipient: str  # « Service de gestion comptable de Grenoble »
    totals: tuple[MeansTotal, ...]
    account: str = ""  # the till's deposit account

    @property
    def cents(self) -> int:
        return sum(total.cents for total in self.totals)
