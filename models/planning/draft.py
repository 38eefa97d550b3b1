"""What a family has ticked and not validated yet, in a few figures; and what of it came too late."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from models.activities.catalogue import Catalogue
from models.families.household import ChildFacts
from models.planning.cell import Gone, Line
from models.rules.booking import BookingState, lapses
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


_LIMITS = {LineAction.ADD: "book", LineAction.CANCEL: "cancel"}  # which deadline ends it


def lapsed(
    catalogue: Catalogue, child: ChildFacts | None, line: Line, booked: BookingState | None, instant: datetime
) -> Gone | None:
    """The line as one that can take effect no more; None while it can. What is being paid stays.

    `booked` is the state of the booking that it cancels; only a confirmed one has a deadline for that. `instant` is now
    in universal time.
    """
    activity = catalogue.activity_of(line.slot)
    if line.order is not None or child is None:
        return None
    if not lapses(line.action, booked, activity.late_cancel == "allowed"):
        return None
    if line.action == LineAction.CANCEL and activity.keeps_booked:
        return None  # no limit is over: the recap says that it cannot be
    school, limit = child.schools.get(activity.year, ""), _LIMITS[line.action]
    if instant < catalogue.ends(line.slot, limit, line.day, school):
        return None
    closes, name = catalogue.closes(line.slot, limit, line.day, school), catalogue.slots[line.slot].name
    return Gone(line.id, child, name, line.day, line.action, closes, "late")
