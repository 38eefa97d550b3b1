"""A cell of the planning as it is shown, and the lines of the cart that some of them have."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from models.activities.needs import NOTHING, Said
from models.families.household import ChildFacts
from models.rules.booking import Wish
from models.rules.cells import CellState
from models.rules.states.orders import LineAction

FREE = ("full", "suspended", "papers", "absent_free")  # why a ticked day costs nothing
Key = tuple[int, int, date]  # child, slot, day


@dataclass(frozen=True, slots=True)
class Cell:
    """One child, one slot, one day, as it is shown. Amounts are cents, moments Paris time."""

    child: ChildFacts
    slot: int
    slot_name: str
    day: date
    shown: CellState
    cents: int
    reason: str
    closes: datetime
    book_closes: datetime
    rank: int = 0
    note: str | None = None
    left: int | None = None  # places left, when they are limited
    offered_until: datetime | None = None
    prepaid: bool = False
    closed_by: str = ""  # the holiday or closure
    lacks: str = ""  # the paper without which no more days are booked
    opens: datetime | None = None  # when booking begins, as long as it has not
    dearer: "Dearer | None" = None  # what it will cost when it is booked later
    final: str = (
        ""  # refused | allowed | never: what a cancellation meets, when booked now it would be late already
    )
    needs: Said = NOTHING  # the slot that goes with it
    memo: dict[object, str] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )  # as pages drew it

    @property
    def key(self) -> str:
        return f"{self.child.id}-{self.slot}-{self.day.isoformat()}"

    @property
    def counts(self) -> int:
        """What the cell adds to the cost of the period, in cents: an asked cancellation takes nothing off yet."""
        seen = self.shown
        due = seen.ticked and seen.state in ("picked", "sent", "booked") and seen.why not in FREE
        still_due = seen.state == "cancelsent" or seen.why in ("to_ask", "late_billed", "late")
        return self.cents if due or (seen.state in ("cancel", "cancelsent") and still_due) else 0


@dataclass(frozen=True, slots=True)
class Dearer:
    """Since when booking the day costs more, and how much then."""

    since: datetime
    cents: int


class Line(NamedTuple):
    """A line of the cart: a tick reads them all."""

    id: int
    child: int
    slot: int
    day: date
    action: LineAction
    cents: int
    reason: str
    waits: bool
    order: int | None
    full: bool = False  # no place is left, and nobody can wait for one

    @property
    def wish(self) -> Wish:
        return Wish(self.action, self.cents, locked=self.order is not None, waits=self.waits)


@dataclass(frozen=True, slots=True)
class Gone:
    """A line of the cart that cannot take effect any more."""

    id: int
    child: ChildFacts
    slot_name: str
    day: date
    action: LineAction
    closes: datetime
    why: Literal["late", "full", "closed", "suspended", "papers", "needs", "never"]
