"""What a family has ticked and not validated yet, in a few figures."""

from dataclasses import dataclass
from functools import cached_property

from models.planning.cell import Line
from models.rules.states.orders import LineAction


@dataclass(frozen=True)
class Draft:
    """The cart, told in a few figures. Lines under payment are not counted: they are on their way."""

    lines: tuple[Line, ...]

    @cached_property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.order is None]

    @cached_property
    def added(self) -> int:
        return len(
            [line for line in self.open if line.action == LineAction.ADD and not (line.waits or line.full)]
        )

    @cached_property
    def waiting(self) -> int:
        """Days that are full: a rank, not a booking."""
        return len([line for line in self.open if line.action == LineAction.ADD and line.waits])

    @cached_property
    def full(self) -> int:
        """Days that filled up since the tick, where nobody waits: the recap will drop them."""
        return len([line for line in self.open if line.full])

    @property
    def cancelled(self) -> int:
        return len([line for line in self.open if line.action == LineAction.CANCEL])

    @cached_property
    def cents(self) -> int:
        """The sum of the draft: additions less cancellations. A rank costs nothing, nor does a place that is gone."""
        due = [line for line in self.open if not (line.waits or line.full)]
        return sum([line.cents if line.action == LineAction.ADD else -line.cents for line in due])

    def of(self, child: int) -> int:
        return len([line for line in self.open if line.child == child])
