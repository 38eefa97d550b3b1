"""Which class a child goes to the year after. Source: the order of the levels of the French primary school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")


@dataclass(frozen=True, slots=True)
class Next:
    """`schools` are those that may take the child, by id; none: nobody here teaches that level."""

    level: str
    schools: tuple[int, ...]


def next_class(level: str, school: int, taught: Mapping[int, Sequence[str]]) -> Next | None:
    """None after CM2, and for a level that has no next one (ULIS). `taught`: the levels of each school, by its id.

    The child stays in its school where that teaches the next level.
    """
    if level not in LEVELS[:-1]:
        return None
    above = LEVELS[LEVELS.index(level) + 1]
    teaching = tuple(id for id, levels in taught.items() if above in levels)
    return Next(above, (school,) if school in teaching else teaching)
