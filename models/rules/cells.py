"""In which state is a cell of the planning, and what does a tick on it do?

The words on screen are the web's; here are codes. Source: the portal's legend of cell states.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from models.rules.calendar import Day, Kind
from models.rules.deadlines import is_open
from models.rules.pricing import Price

State = Literal[
    "never", "closed", "holiday", "past", "free", "picked", "sent", "booked", "waiting", "cancel", "cancelsent",
    "refused", "other",
]  # fmt: skip
Why = Literal[
    "",
    "late",
    "late_billed",
    "full",
    "queue",
    "membership",
    "not_yet",
    "paying",
    "offered",
    "answered",
    "asked",
    "to_ask",
]
Answer = Literal["nothing", "add", "cancel", "drop", "refuse"]
Hindrance = Literal["", "late", "full", "taken"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of the cart: not validated yet."""

    action: Literal["add", "cancel"]
    cents: int
    locked: bool = False  # its order is being paid
    waits: bool = False  # was told it is full


@dataclass(frozen=True, slots=True)
class Booked:
    """A live booking, or the last one the mairie refused."""

    id: int
    state: str
    cents: int
    own: bool = True  # of this household
    cancel_asked: bool = False
    rank: int = 0
    note: str | None = None
    offered_until: datetime | None = None
    reason: str = ""  # of the price
    tariff: int | None = None  # the id of the one that said it

    def price(self, today: Price) -> Price:
        """The price that it was booked at. A row without its reason says today's."""
        return Price(self.cents, self.reason or today.reason, self.tariff)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a cell depends on."""

    day: Day
    enrolled: bool
    book_closes: datetime
    cancel_closes: datetime
    places: int | None = None
    taken: int = 0
    queue: int = 0  # how many wait already
    booked: Booked | None = None
    wish: Wish | None = None
    member: bool = True
    visible: bool = True
    asks: bool = False  # the mairie answers each booking
    waiting_list: bool = False
    late_cancel: bool = False  # a late cancellation is allowed, and billed

    @property
    def full(self) -> bool:
        return is_full(self.places, self.taken, self.queue)


def is_full(places: int | None, taken: int, queue: int) -> bool:
    """While somebody waits, a freed place is theirs: others see the day full."""
    return places is not None and (taken >= places or queue > 0)


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell as it is shown."""

    state: State
    ticked: bool = False
    operable: bool = False
    why: Why = ""
    locked: bool = False  # the corner mark: cannot be changed


def state_of(facts: Facts, now: datetime) -> CellState:
    if facts.booked is not None and facts.booked.state != "refused":
        return _booked(facts, facts.booked, now)
    if not facts.enrolled or facts.day.kind is Kind.never:
        return CellState("never")
    if facts.day.kind is Kind.holiday:
        return CellState("holiday")
    if facts.day.kind is not Kind.open:
        return CellState("closed")
    if facts.wish is not None:
        if facts.wish.locked:
            return CellState("picked", ticked=True, why="paying", locked=True)
        return _picked(facts, now)
    return _free(facts, now)


def _picked(facts: Facts, now: datetime) -> CellState:
    """A tick on a full day is a rank that is asked for, no booking."""
    if not is_open(now, facts.book_closes):
        return CellState("picked", ticked=True, operable=True, why="late")
    if facts.full and facts.waiting_list:
        return CellState("waiting", ticked=True, operable=True, why="queue")
    return CellState("picked", ticked=True, operable=True, why="full" if facts.full else "")


def _free(facts: Facts, now: datetime) -> CellState:
    if not facts.visible:
        return CellState("past", why="not_yet", locked=True)
    if not is_open(now, facts.book_closes):
        return _refused(facts) or CellState("past", why="late")
    if not facts.member:
        return CellState("free", why="membership", locked=True)
    if facts.full and not facts.waiting_list:
        return CellState("past", why="full", locked=True)
    if facts.booked is not None:
        return CellState("refused", operable=True, why="answered")
    return CellState("free", operable=True, why="queue" if facts.full else "")


def _refused(facts: Facts) -> CellState | None:
    return None if facts.booked is None else CellState("refused", why="answered", locked=True)


def _booked(facts: Facts, booked: Booked, now: datetime) -> CellState:
    if not booked.own:
        return CellState("other", ticked=True, locked=True)
    if booked.state == "held" or (facts.wish and facts.wish.locked):
        cancelled = facts.wish is not None and facts.wish.action == "cancel"
        return CellState("cancel" if cancelled else "picked", ticked=not cancelled, why="paying", locked=True)
    if facts.wish is not None and facts.wish.action == "cancel":
        return CellState("cancel", operable=True, why=_why_cancel(facts, booked, now))
    if booked.state == "requested":
        return CellState("sent", ticked=True, operable=True, why="asked")
    if booked.state == "waiting":
        return CellState("waiting", ticked=True, operable=True)
    if booked.state == "offered":
        return _offered(facts, now)
    if booked.cancel_asked:
        return CellState("cancelsent", why="asked", locked=True)
    return _confirmed(facts, now)


def _why_cancel(facts: Facts, booked: Booked, now: datetime) -> Why:
    """What a cancellation that is not validated comes to; the day stays due unless it is nothing of these."""
    if booked.state != "confirmed":
        return ""
    if not is_open(now, facts.cancel_closes):
        return "late_billed" if facts.late_cancel else "late"
    return "to_ask" if facts.asks else ""


def _offered(facts: Facts, now: datetime) -> CellState:
    """Ticked while it is in the cart. Taken out, it can be taken up again as long as the place is kept."""
    ticked = facts.wish is not None
    bookable = facts.day.kind is Kind.open and facts.enrolled and facts.member
    return CellState(
        "waiting", ticked, operable=ticked or (bookable and is_open(now, facts.book_closes)), why="offered"
    )


def _confirmed(facts: Facts, now: datetime) -> CellState:
    if facts.day.kind is not Kind.open:
        return CellState("booked", ticked=True, locked=True)
    if is_open(now, facts.cancel_closes):
        return CellState("booked", ticked=True, operable=True)
    if facts.late_cancel:
        return CellState("booked", ticked=True, operable=True, why="late_billed")
    # Where the mairie answers, a late untick can still be tried: the answer says in red why not.
    return CellState("booked", ticked=True, operable=facts.asks, why="late", locked=True)


def is_final(facts: Facts, seen: CellState, now: datetime) -> bool:
    """Can a day that is booked now no longer be cancelled as one likes: refused, or cancelled but billed?"""
    wished = seen.state in ("free", "picked", "waiting", "refused") and seen.operable
    booking = wished and seen.why not in ("offered", "late", "full")
    return (
        booking
        and not (facts.booked and facts.booked.state == "waiting")
        and not is_open(now, facts.cancel_closes)
    )


def answer(facts: Facts, wanted: bool, now: datetime) -> Answer:
    """What the wish « ticked » or « not ticked » does to the cart. Saying it again changes nothing."""
    seen = state_of(facts, now)
    if seen.why == "paying":
        return "nothing" if seen.ticked == wanted else "refuse"
    if seen.ticked == wanted:
        return "nothing"
    if facts.wish is not None:
        return "drop"
    if not seen.operable or (seen.locked and seen.why == "late"):
        return "refuse"
    return "add" if wanted else "cancel"


def hindrance(facts: Facts, wanted: bool, now: datetime) -> Hindrance:
    """What keeps a wish whose place is not kept any more from taking effect at this moment; "" when nothing does.

    The cell says so itself, whatever else the draft holds. `late`: the day cannot be changed any more; `taken`: it is
    booked, or given back, already.
    """
    if facts.wish is not None and facts.wish.locked:
        return "taken"  # by an order that is being paid
    bare = replace(facts, wish=None)
    seen, does = state_of(bare, now), answer(bare, wanted, now)
    booked = None if facts.booked is None or facts.booked.state == "refused" else facts.booked
    if not wanted:
        if booked is None or not booked.own or booked.state != "confirmed":
            return "taken"
        return "" if does == "cancel" and not facts.asks and seen.why != "late_billed" else "late"
    if booked is not None and booked.own and booked.state == "waiting":
        return "full"  # it has a rank, no place
    if booked is not None and not (booked.own and booked.state == "offered"):
        return "taken"
    if booked is not None:  # its place is offered to this family, whatever became of the order
        return "" if facts.day.kind is Kind.open and is_open(now, facts.book_closes) else "late"
    if does != "add" or facts.asks:
        return "full" if seen.why == "full" else "late"
    return "full" if facts.full else ""
