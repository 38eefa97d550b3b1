"""What does a day cost, and why? The reason is shown to the parents beside the price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from models.rules.money import NBSP, grouped, percent, reduce
from models.rules.pricing.stay import Stay
from models.rules.pricing.surcharge import surcharge_of
from models.rules.pricing.tariff import Band, NoTariff, Tariff, choose

How = Literal["booked", "late", "unbooked"]  # late: after the limit, until the later one


@dataclass(frozen=True, slots=True)
class Price:
    cents: int
    reason: str  # as long as it has to be: nobody cuts it
    tariff: int | None  # its id; None where no tariff fits
    quantity: int = 1  # units of the same price, of which `cents` are the sum
    how: How = "booked"  # what it costs more for, if it does

    @property
    def unit_cents(self) -> int:
        return self.cents // self.quantity


@dataclass(frozen=True, slots=True)
class Repriced:
    """A line that is not invoiced yet, as it was booked and as it costs now."""

    old: int
    new: Price

    @property
    def difference(self) -> int:
        return self.new.cents - self.old


def price(
    tariffs: Sequence[Tariff],
    slot: str,
    category: str | None,
    day: date,
    quotient: int | None,
    rank: int,
    *,
    how: How = "booked",
    stay: Stay | None = None,
) -> Price:
    """The price of one slot of one day for the child of this rank among its brothers and sisters.

    `stay`: how long it is there, where the slot is billed by time. Raises NoTariff.
    """
    tariff = choose(tariffs, slot, category, day)
    full = _full(tariff, quotient)
    if full is None:
        raise NoTariff(slot, category, day)
    cents, reason = full
    if tariff.reduces(rank) and tariff.child_rank is not None:
        cents = reduce(cents, tariff.reduction)
        reason += f" · réduction de {tariff.reduction}{NBSP}% dès le {_ordinal(tariff.child_rank)} enfant"
    unit = Price(cents, reason, tariff.id)
    return _surcharged(price_of_time(unit, stay) if stay else unit, tariff, how)


def price_of_time(unit: Price, stay: Stay) -> Price:
    """Of so many units begun, each at the same price. Reductions are the unit's: the sum stays a whole multiple."""
    said = f"{stay.units} × {stay.step}{NBSP}min" if stay.units > 1 else f"{stay.step}{NBSP}min"
    return replace(unit, cents=unit.cents * stay.units, reason=f"{unit.reason} · {said}", quantity=stay.units)


def reprice(
    old: int, tariffs: Sequence[Tariff], slot: str, category: str | None, day: date, quotient: int | None,
    rank: int, *, how: How = "booked", stay: Stay | None = None,
) -> Repriced:  # fmt: skip
    """What was booked at `old` cents, by the quotient valid on the day eaten and the tariffs as they are now.

    Of invoiced activities alone: what was paid at booking is never priced again. Raises NoTariff.
    """
    return Repriced(old, price(tariffs, slot, category, day, quotient, rank, how=how, stay=stay))


def _surcharged(price: Price, tariff: Tariff, how: How) -> Price:
    """Of the whole day: what it adds is no multiple of a unit, so the day is one unit then."""
    written = tariff.late if how == "late" else tariff.unbooked if how == "unbooked" else None
    if written is None:
        return price
    surcharge = surcharge_of(written)
    told = "réservation tardive" if how == "late" else "présent sans réservation"
    reason = f"{told}{surcharge.said}" if surcharge.replaces else f"{price.reason} · {told}{surcharge.said}"
    return Price(surcharge.of(price.cents), reason, price.tariff, how=how)


def _full(tariff: Tariff, quotient: int | None) -> tuple[int, str] | None:
    """Cents and reason before any reduction; None when the tariff does not say."""
    if tariff.method == "flat":
        return None if tariff.amount is None else (tariff.amount, "à l’unité")
    if quotient is None:
        return _unknown(tariff)
    if tariff.method == "brackets":
        return _bracket(tariff.bands, quotient)
    return _rate(tariff.rate, tariff.low, tariff.high, quotient)


def _unknown(tariff: Tariff) -> tuple[int, str] | None:
    if tariff.no_quotient is not None:
        return tariff.no_quotient, "tarif sans quotient connu"
    said = [_highest(band) for band in tariff.bands] if tariff.bands else [tariff.high]
    known = [cents for cents in said if cents is not None]
    if not known or len(known) < len(said):  # a share without an upper limit has no highest price
        return None
    return max(known), f"tarif le plus élevé{NBSP}: quotient non connu"


def _highest(band: Band) -> int | None:
    if band.rate is None:
        return band.cents
    if band.high is not None or band.up_to is None:
        return band.high
    return max(percent(band.up_to, band.rate), band.low or 0)


def _bracket(bands: tuple[Band, ...], quotient: int) -> tuple[int, str] | None:
    lowest = 0
    for band in bands:
        if band.up_to is None or quotient <= band.up_to:
            end = "et plus" if band.up_to is None else f"à {grouped(band.up_to)}"
            return _of_band(band, f"tranche QF {grouped(lowest)} {end}", quotient)
        lowest = band.up_to + 1
    return None


def _of_band(band: Band, reason: str, quotient: int) -> tuple[int, str] | None:
    share = _rate(band.rate, band.low, band.high, quotient)
    return (share[0], f"{reason} · {share[1]}") if share else (band.cents, reason)


def _rate(rate: str | None, low: int | None, high: int | None, quotient: int) -> tuple[int, str] | None:
    if rate is None:
        return None
    cents = percent(quotient, rate)
    reason = f"{rate.replace('.', ',')}{NBSP}% du quotient"
    if low is not None and cents < low:
        return low, f"{reason} · prix minimum"
    if high is not None and cents > high:
        return high, f"{reason} · prix maximum"
    return cents, reason


def _ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{rank}e"
