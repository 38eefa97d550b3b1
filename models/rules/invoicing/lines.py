"""The lines of an invoice, grouped from priced days: child, service, period, quantity, unit price, amount.

The meal part and the care part stand apart where the commune says which is which: the tax credit counts care alone
(BOI-IR-RICI-300). Every line is exactly its quantity times its unit price, so their sum needs no rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Part = Literal["", "meal", "care"]  # "": the service is one thing


@dataclass(frozen=True, slots=True)
class PricedDay:
    """A day that is due. `cents` are of all its units, each at the same price."""

    child: str
    service: str
    day: date
    cents: int
    units: int = 1
    care_part: int | None = None  # cents of a unit


@dataclass(frozen=True, slots=True)
class Line:
    """`unit_cents` is negative for what a third party pays."""

    child: str
    service: str
    part: Part
    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        return self.quantity * self.unit_cents


def lines_of(days: Iterable[PricedDay]) -> list[Line]:
    """Children and services in the order in which they come; inside, the same unit price is one line.

    Raises ValueError where a day is no multiple of its units.
    """
    found: dict[tuple[str, str], dict[tuple[Part, int], int]] = {}
    for day in days:
        grouped = found.setdefault((day.child, day.service), {})
        for part, unit in _parts(day):
            grouped[part, unit] = grouped.get((part, unit), 0) + day.units
    return [
        Line(child, service, part, quantity, unit)
        for (child, service), grouped in found.items()
        for (part, unit), quantity in sorted(grouped.items(), key=_order)
    ]


def due_of(lines: Sequence[Line]) -> int:
    return sum(line.cents for line in lines)


def carries_over(cents: int, least: int | None) -> bool:
    """Does so small a sum wait for the next invoice? Below 15 € the Trésor recovers nothing (CGCT D1611-1)."""
    return least is not None and 0 < cents < least


def _order(group: tuple[tuple[Part, int], int]) -> tuple[int, int]:
    """The meal before its care, the dearest first."""
    (part, unit), _ = group
    return ("", "meal", "care").index(part), -unit


def _parts(day: PricedDay) -> list[tuple[Part, int]]:
    unit, rest = divmod(day.cents, day.units)
    if rest:
        raise ValueError(day)
    if day.care_part is None:
        return [("", unit)]
    care = min(day.care_part, unit)  # a reduced price may fall below it: then all of it is care
    parts: list[tuple[Part, int]] = [("meal", unit - care), ("care", care)]
    return [(part, cents) for part, cents in parts if cents] or [("", 0)]
