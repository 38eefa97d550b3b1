"""What a till's counter does with the money it is given, and on which day it counts.

Source: instruction 06-031-A-B-M: takings by means, a numbered receipt for each, a day that is closed stays as it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.states.payments import PaymentMethod

SATURDAY = 5
COINS = (500_00, 200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1)  # cents


class NothingGiven(ValueError):
    """There is nothing to pay, or nothing was handed over."""


class TooMuch(ValueError):
    """`over`: how many cents more than what is due; only cash gives change, so somebody must say what becomes of it."""

    def __init__(self, over: int) -> None:
        super().__init__(over)
        self.over = over


@dataclass(frozen=True, slots=True)
class Shares:
    """Cents: of each sum that is due, what is paid of it; what is an advance; what goes back in cash."""

    paid: tuple[int, ...]
    advance: int
    change: int

    @property
    def kept(self) -> int:
        return sum(self.paid) + self.advance


def share_out(given: int, due: Sequence[int], method: PaymentMethod, *, keep: bool) -> Shares:
    """The oldest sum first. `keep`: what is over becomes an advance. Raises NothingGiven, TooMuch."""
    left, paid = given, []
    for cents in due:
        paid.append(min(left, cents))
        left -= paid[-1]
    if left and not keep and method is not PaymentMethod.CASH:
        raise TooMuch(left)
    shares = Shares(tuple(paid), left if keep else 0, 0 if keep else left)
    if given <= 0 or not shares.kept:
        raise NothingGiven
    return shares


def day_of_till(today: date, closed: Collection[date], off: Collection[date]) -> date:
    """Today, until it is closed; then the next working day that is not. `off`: public holidays."""
    day = today
    while day in closed or (day > today and (day.weekday() >= SATURDAY or day in off)):
        day += timedelta(days=1)
    return day


def counted(coins: Sequence[tuple[int, int]]) -> int:
    """Cents of so many coins and notes: (value in cents, how many)."""
    return sum(value * number for value, number in coins)
