"""Whose bill has moved so much since last time that somebody should look at it before it leaves?"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Moved(Generic[K]):
    """A family, by whatever it is known by; cents."""

    family: K
    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before


def moved_by_half(before: Mapping[K, int], now: Mapping[K, int]) -> list[Moved[K]]:
    """Those that pay more, or less, by more than half of what they paid; the largest difference first.

    Who paid nothing and now pays, or the other way round, is among them.
    """
    all_of_them = (Moved(one, before.get(one, 0), now.get(one, 0)) for one in {**before, **now})
    found = [one for one in all_of_them if 2 * abs(one.difference) > one.before]
    return sorted(found, key=lambda one: -abs(one.difference))
