"""What a tariff adds for who comes without booking, or books late: « +50 % », « +500 » cents, or a price of its own."""

import re
from dataclasses import dataclass

from models.rules.money import NBSP, add_percent, euros

SURCHARGE = r"\+[0-9]{1,6}%?|[0-9]{1,9}"

_WRITTEN = re.compile(r"(\+?)([0-9]+)(%?)")


@dataclass(frozen=True, slots=True)
class Surcharge:
    """Exactly one of the three is said."""

    percent: int | None = None
    cents: int | None = None  # added to the price
    instead: int | None = None  # cents, whatever the price is

    @property
    def replaces(self) -> bool:
        return self.instead is not None

    @property
    def said(self) -> str:
        """After the words that say why: «  : +50 % »."""
        if self.percent is not None:
            return f"{NBSP}: +{self.percent}{NBSP}%"
        return f"{NBSP}: +{euros(self.cents)}" if self.cents is not None else ""

    def of(self, cents: int) -> int:
        """The price with it; half a cent rounds up."""
        if self.instead is not None:
            return self.instead
        return add_percent(cents, self.percent) if self.percent is not None else cents + (self.cents or 0)


def surcharge_of(written: str) -> Surcharge:
    """« +50% », « +500 » (cents more) or « 1000 » (cents instead), as the commune file says it. Raises ValueError."""
    found = _WRITTEN.fullmatch(written)
    if found is None or (found[3] and not found[1]):
        raise ValueError(written)
    number = int(found[2])
    if found[3]:
        return Surcharge(percent=number)
    return Surcharge(cents=number) if found[1] else Surcharge(instead=number)
