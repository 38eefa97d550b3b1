"""The cells that a process has drawn, each with all that it rests on: a tick shows a row of which it moved one day.

What is kept of another revision of the catalogue goes with it; a household read again, a booking, a line of the cart,
places or a deadline that moved draws the cell anew. The bench: without it a tick takes a fifth longer, a page too.
"""

from dataclasses import dataclass
from datetime import datetime

from models.families.household import Household
from models.planning.cell import Cell, Key, Line
from models.planning.reading import Capacity
from models.rules.booking import Bar, Booked

MOST = 10_000  # some 24 megabytes, with what pages drew of them


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell as it was drawn, and all that it was drawn from beside the catalogue."""

    household: Household  # the very one: another reading of the family draws anew
    rests_on: tuple[Booked | None, Line | None, Capacity | None, int, tuple[Bar, str]]
    since: datetime
    until: datetime  # its next deadline, or its window's beginning: before it nothing changes by itself
    cell: Cell


def keep(drawn: dict[Key, Kept], key: Key, cell: Kept) -> None:
    if len(drawn) >= MOST:
        drawn.clear()
    drawn[key] = cell
