"""A tariff as it was voted, and which one fits a day. Amounts are cents, quotients whole euros."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

Method = Literal["flat", "brackets", "rate"]


class NoTariff(LookupError):
    """No price for this slot, category and day."""

    def __init__(self, slot: str, category: str | None, day: date) -> None:
        super().__init__(slot, category, day)
        self.slot, self.category, self.day = slot, category, day


@dataclass(frozen=True, slots=True)
class Band:
    """A bracket of quotients, up to and including its limit; the last one has none.

    Its price is an amount, or a share of the quotient between two limits.
    """

    up_to: int | None
    cents: int
    rate: str | None = None  # percent of the quotient; then `cents` is not read
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    id: int
    method: Method
    amount: int | None = None
    bands: tuple[Band, ...] = ()
    rate: str | None = None  # percent of the quotient
    low: int | None = None
    high: int | None = None
    slot: str | None = None  # None fits every slot, and so on
    category: str | None = None
    start: date | None = None
    end: date | None = None
    child_rank: int | None = None  # the reduction is for this sibling and the next ones
    reduction: int = 0
    no_quotient: int | None = None
    unbooked: str | None = None  # present without booking: a surcharge
    late: str | None = None  # booked between the limit and the later one: a surcharge

    def fits(self, slot: str, category: str | None, day: date) -> bool:
        return (
            self.slot in (None, slot)
            and self.category in (None, category)
            and (self.start or date.min) <= day <= (self.end or date.max)
        )

    def reduces(self, rank: int) -> bool:
        """Is there a reduction for the child of this rank among its brothers and sisters?"""
        return self.child_rank is not None and rank >= self.child_rank and self.reduction > 0


def choose(tariffs: Sequence[Tariff], slot: str, category: str | None, day: date) -> Tariff:
    """The most specific tariff that fits. Raises NoTariff."""
    fitting = [tariff for tariff in tariffs if tariff.fits(slot, category, day)]
    if not fitting:
        raise NoTariff(slot, category, day)
    return max(fitting, key=lambda tariff: (_specificity(tariff), -tariff.id))


def first_gap(
    tariffs: Sequence[Tariff], slots: Sequence[str], category: str | None, first: date, last: date
) -> tuple[str, date] | None:
    """The first slot and day that have no tariff for this category, from the first day to the last; None: all have."""
    ends = [tariff.end + timedelta(days=1) for tariff in tariffs if tariff.end is not None]
    turns = [first, *(tariff.start for tariff in tariffs if tariff.start is not None), *ends]
    days = sorted({day for day in turns if first <= day <= last})  # between two of them nothing changes
    for slot in slots:
        for day in days:
            if not any(tariff.fits(slot, category, day) for tariff in tariffs):
                return slot, day
    return None


def clashes(tariffs: Sequence[Tariff]) -> list[tuple[Tariff, Tariff]]:
    """Pairs of which neither wins on some day: an error of the person who wrote them."""
    return [(one, other) for one, other in combinations(tariffs, 2) if _clash(one, other)]


def _specificity(tariff: Tariff) -> tuple[bool, bool, bool]:
    """Slot beats category beats dates."""
    dated = tariff.start is not None or tariff.end is not None
    return tariff.slot is not None, tariff.category is not None, dated


def _clash(one: Tariff, other: Tariff) -> bool:
    start = max(one.start or date.min, other.start or date.min)
    end = min(one.end or date.max, other.end or date.max)
    return (
        (one.slot, one.category) == (other.slot, other.category)
        and _specificity(one) == _specificity(other)
        and start <= end
    )
