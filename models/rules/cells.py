"""In which state is a cell of the planning, and what does a tick on it do?

The words on screen are the web's; here are codes. Source: the portal's legend of cell states.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from models.rules.booking import Booked, BookingState, Does, Facts, effect
from models.rules.calendar import Kind
from models.rules.deadlines import is_open
from models.rules.states.orders import LineAction

State = Literal[
    "never", "closed", "holiday", "past", "free", "picked", "sent", "booked", "waiting", "cancel", "cancelsent",
    "refused", "other",
]  # fmt: skip
Why = Literal[
    "",
    "late",
    "late_billed",
    "never",
    "full",
    "queue",
    "membership",
    "not_yet",
    "paying",
    "offered",
    "answered",
    "asked",
    "to_ask",
    "suspended",
    "papers",
    "present",
    "absent",
    "absent_free",
]
Answer = Literal["nothing", "drop", "refuse"] | LineAction
Hindrance = Literal["", "late", "full", "taken"]


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell as it is shown."""

    state: State
    ticked: bool = False
    operable: bool = False
    why: Why = ""
    locked: bool = False  # the corner mark: cannot be changed


def state_of(facts: Facts, now: datetime) -> CellState:
    if facts.live is not None:
        return _booked(facts, facts.live, now)
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
    """A tick on a full day is a rank that is asked for, no booking. Whether the child is a member is the recap's."""
    does = effect(replace(facts, member=True), LineAction.ADD, now)
    if does.kind is Does.WAIT:
        return CellState("waiting", ticked=True, operable=True, why="queue")
    why: Why = does.why if does.why in ("late", "full", "suspended", "papers") else ""
    return CellState("picked", ticked=True, operable=True, why=why)


def _free(facts: Facts, now: datetime) -> CellState:
    does = effect(facts, LineAction.ADD, now)
    if does.why == "late" and facts.booked is not None:
        return CellState("refused", why="answered", locked=True)
    if does.why == "late":
        return CellState("past", why="late")
    if does.why == "membership" or does.why == "suspended" or does.why == "papers":
        return CellState("free", why=does.why, locked=True)
    if does.why == "not_yet" or does.why == "full":
        return CellState("past", why=does.why, locked=True)
    if facts.booked is not None:
        return CellState("refused", operable=True, why="answered")
    return CellState("free", operable=True, why="queue" if does.kind is Does.WAIT else "")


def _booked(facts: Facts, booked: Booked, now: datetime) -> CellState:
    if not booked.own:
        return CellState("other", ticked=True, locked=True)
    if booked.attended:
        return CellState("booked", ticked=True, why=booked.attended, locked=True)
    cancelled = facts.wish is not None and facts.wish.action == LineAction.CANCEL
    if booked.state == BookingState.HELD or (facts.wish and facts.wish.locked):
        return CellState("cancel" if cancelled else "picked", ticked=not cancelled, why="paying", locked=True)
    if cancelled:
        return CellState("cancel", operable=True, why=_why_cancel(facts, now))
    if booked.state == BookingState.REQUESTED:
        return CellState("sent", ticked=True, operable=True, why="asked")
    if booked.state == BookingState.WAITING:
        return CellState("waiting", ticked=True, operable=True)
    if booked.state == BookingState.OFFERED:
        return _offered(facts, now)
    if booked.cancel_asked:
        return CellState("cancelsent", why="asked", locked=True)
    return _confirmed(facts, now)


def _why_cancel(facts: Facts, now: datetime) -> Why:
    """What a cancellation that is not validated comes to; the day stays due unless it is nothing of these."""
    does = effect(facts, LineAction.CANCEL, now)
    if does.late:
        return "late" if does.kind is Does.REFUSE else "late_billed"
    if does.why == "never":
        return "late"  # the mairie has said so since the tick
    return "to_ask" if does.kind is Does.ASK else ""


def _offered(facts: Facts, now: datetime) -> CellState:
    """Ticked while it is in the cart. Taken out, it can be taken up again as long as the place is kept."""
    ticked = facts.wish is not None
    operable = ticked or effect(facts, LineAction.ADD, now).is_possible
    return CellState("waiting", ticked, operable, why="offered")


def _confirmed(facts: Facts, now: datetime) -> CellState:
    if facts.day.kind is not Kind.open:
        return CellState("booked", ticked=True, locked=True)
    does = effect(facts, LineAction.CANCEL, now)
    if does.why == "never":
        return CellState("booked", ticked=True, why="never", locked=True)
    if not does.late:
        return CellState("booked", ticked=True, operable=True)
    if does.is_possible:
        return CellState("booked", ticked=True, operable=True, why="late_billed")
    # Where the mairie answers, a late untick can still be tried: the answer says in red why not.
    return CellState("booked", ticked=True, operable=facts.asks, why="late", locked=True)


def is_final(facts: Facts, seen: CellState, now: datetime) -> bool:
    """Can a day that is booked now no longer be cancelled as one likes: never, refused, or cancelled but billed?"""
    wished = seen.state in ("free", "picked", "waiting", "refused") and seen.operable
    booking = wished and seen.why not in ("offered", "late", "full")
    waits = facts.booked is not None and facts.booked.state == BookingState.WAITING
    return booking and not waits and not is_open(now, facts.cancel_closes)


def stands(seen: CellState) -> bool:
    """Is the day booked or wished, with a place? A rank is none."""
    return seen.ticked and (seen.state != "waiting" or seen.why == "offered")


def answer(facts: Facts, wanted: bool, now: datetime) -> Answer:
    """What the wish « ticked » or « not ticked » does to the cart. Saying it again changes nothing."""
    seen = state_of(facts, now)
    if seen.why == "paying":
        return "nothing" if seen.ticked == wanted else "refuse"
    if seen.ticked == wanted:
        return "nothing"
    if facts.wish is not None:
        return "drop"
    action = LineAction.ADD if wanted else LineAction.CANCEL
    return action if effect(facts, action, now).is_possible else "refuse"


def hindrance(facts: Facts, wanted: bool, now: datetime) -> Hindrance:
    """What keeps a wish whose place is not kept any more from taking effect at this moment; "" when nothing does.

    The cell says so itself, whatever else the draft holds. `late`: the day cannot be changed any more; `taken`: it is
    booked, or given back, already. What was paid for stands, though the family be barred since.
    """
    if facts.wish is not None and facts.wish.locked:
        return "taken"  # by an order that is being paid
    bare, booked = replace(facts, wish=None, barred=""), facts.live
    if not wanted:
        return _keeps_from_cancelling(bare, now)
    if booked is not None and booked.own and booked.state == BookingState.WAITING:
        return "full"  # it has a rank, no place
    if booked is not None and not (booked.own and booked.state == BookingState.OFFERED):
        return "taken"
    if booked is not None:  # its place is offered to this family, whatever became of the order
        return "" if facts.day.kind is Kind.open and is_open(now, facts.book_closes) else "late"
    does = effect(bare, LineAction.ADD, now)
    if does.why == "full" or (does.kind is Does.WAIT and not facts.asks):
        return "full"
    return "" if does.kind is Does.ADD else "late"


def _keeps_from_cancelling(bare: Facts, now: datetime) -> Hindrance:
    """What was paid comes back, or nothing happens: what the mairie would answer or bill is no longer asked for."""
    booked = bare.live
    if booked is None or not booked.own or booked.state != BookingState.CONFIRMED:
        return "taken"
    return "" if effect(bare, LineAction.CANCEL, now).kind is Does.CANCEL else "late"
