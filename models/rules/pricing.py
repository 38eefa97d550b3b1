"""What does a day cost, and why? The reason is shown to the parents beside the price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from models.rules.money import NBSP, grouped, percent, reduce

Method = Literal["flat", "brackets", "rate"]


class NoTariff(LookupError):
    """No price for this slot, category and day."""

    def __init__(self, slot: str, category: str | None, day: date) -> None:
        super().__init__(slot, category, day)
        self.slot, self.category, self.day = slot, category, day


@dataclass(frozen=True, slots=True)
class Band:
    """A bracket of quotients, up to and including its limit; the last one has none."""

    up_to: int | None
    cents: int


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


@dataclass(frozen=True, slots=True)
class Price:
    cents: int
    reason: str  # as long as it has to be: nobody cuts it
    tariff: int | None  # its id; None where no tariff fits


def price(
    tariffs: Sequence[Tariff], slot: str, category: str | None, day: date, quotient: int | None, rank: int
) -> Price:
    """The price of one slot of one day for the child of this rank among its brothers and sisters."""
    tariff = choose(tariffs, slot, category, day)
    full = _full(tariff, quotient)
    if full is None:
        raise NoTariff(slot, category, day)
    cents, reason = full
    if tariff.child_rank is not None and rank >= tariff.child_rank and tariff.reduction:
        cents = reduce(cents, tariff.reduction)
        reason += f" · réduction de {tariff.reduction}{NBSP}% dès le {_ordinal(tariff.child_rank)} enfant"
    return Price(cents, reason, tariff.id)


def choose(tariffs: Sequence[Tariff], slot: str, category: str | None, day: date) -> Tariff:
    """The most specific tariff that fits."""
    fitting = [tariff for tariff in tariffs if _fits(tariff, slot, category, day)]
    if not fitting:
        raise NoTariff(slot, category, day)
    return max(fitting, key=lambda tariff: (_specificity(tariff), -tariff.id))


def clashes(tariffs: Sequence[Tariff]) -> list[tuple[Tariff, Tariff]]:
    """Pairs of which neither wins on some day: an error of the person who wrote them."""
    return [(one, other) for one, other in combinations(tariffs, 2) if _clash(one, other)]


def _fits(tariff: Tariff, slot: str, category: str | None, day: date) -> bool:
    return (
        tariff.slot in (None, slot)
        and tariff.category in (None, category)
        and (tariff.start or date.min) <= day <= (tariff.end or date.max)
    )


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


def _full(tariff: Tariff, quotient: int | None) -> tuple[int, str] | None:
    """Cents and reason before any reduction; None when the tariff does not say."""
    if tariff.method == "flat":
        return None if tariff.amount is None else (tariff.amount, "à l’unité")
    if quotient is None:
        return _unknown(tariff)
    if tariff.method == "brackets":
        return _bracket(tariff.bands, quotient)
    return _rate(tariff, quotient)


def _unknown(tariff: Tariff) -> tuple[int, str] | None:
    if tariff.no_quotient is not None:
        return tariff.no_quotient, "tarif sans quotient connu"
    highest = max((band.cents for band in tariff.bands), default=tariff.high)
    return None if highest is None else (highest, f"tarif le plus élevé{NBSP}: quotient non connu")


def _bracket(bands: tuple[Band, ...], quotient: int) -> tuple[int, str] | None:
    lowest = 0
    for band in bands:
        if band.up_to is None:
            return band.cents, f"tranche QF {grouped(lowest)} et plus"
        if quotient <= band.up_to:
            return band.cents, f"tranche QF {grouped(lowest)} à {grouped(band.up_to)}"
        lowest = band.up_to + 1
    return None


def _rate(tariff: Tariff, quotient: int) -> tuple[int, str] | None:
    if tariff.rate is None:
        return None
    cents = percent(quotient, tariff.rate)
    reason = f"{tariff.rate.replace('.', ',')}{NBSP}% du quotient"
    if tariff.low is not None and cents < tariff.low:
        return tariff.low, f"{reason} · prix minimum"
    if tariff.high is not None and cents > tariff.high:
        return tariff.high, f"{reason} · prix maximum"
    return cents, reason


def _ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{rank}e"
