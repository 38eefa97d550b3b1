"""What some banks can do besides taking money: give it back on the card that paid. PayFiP cannot."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


class BankRefused(Exception):
    """The bank gives nothing back; what it says of it."""


@dataclass(frozen=True)
class GiveBack:
    """A sum to be given back, in cents, of a charge that was paid."""

    reference: str  # ours, of the charge
    transaction: str  # the bank's, of the charge; "" where it named none
    paid: int
    cents: int
    before: int  # given back of it already

    @property
    def after(self) -> int:
        return self.before + self.cents


@runtime_checkable
class GivesBack(Protocol):
    async def give_back(self, wish: GiveBack) -> str:
        """The bank's number of it. Raises BankRefused; BankSilent where nobody knows whether it was done."""

    async def given_back(self, wish: GiveBack) -> int | None:
        """Cents of the charge that went back so far. None: the bank cannot say. Raises BankSilent."""
