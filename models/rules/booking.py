"""May a day still be booked or given back, and at what price? The one decision, and the states it rests on.

Asked by the cell of the planning, the tick, the recap and its click, the absence, and money that comes late. Amounts
are cents. Source: the portal's rules of bookings.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from models.rules.calendar import Day, Kind
from models.rules.deadlines import is_open
from models.rules.pricing import Price
from models.rules.states.orders import LineAction


class BookingState(StrEnum):
    REQUESTED = "requested"  # the mairie answers
    WAITING = "waiting"  # full: it has a rank
    OFFERED = "offered"  # a place is kept until it is paid
    HELD = "held"  # its order awaits the bank
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # by the mairie
    RELEASED = "released"  # its order was not paid


class WaitingState(StrEnum):
    """Of an entry of the waiting list."""

    WAITING = "waiting"
    OFFERED = "offered"
    SERVED = "served"
    LEFT = "left"  # by the family
    LAPSED = "lapsed"  # offered, and nobody answered in time


# One live row per child, slot and day.
LIVE = (
    BookingState.REQUESTED,
    BookingState.WAITING,
    BookingState.OFFERED,
    BookingState.HELD,
    BookingState.CONFIRMED,
)
ORDERED = (BookingState.HELD, BookingState.CONFIRMED)  # an order pays for it, or will
TAKES_A_PLACE = (*ORDERED, BookingState.OFFERED)
IN_LINE = (BookingState.WAITING, BookingState.OFFERED)  # its entry of the waiting list says the same
OFFER_STANDS = (BookingState.OFFERED, BookingState.HELD)  # while it is being paid, it is held
WAITS = (WaitingState.WAITING, WaitingState.OFFERED)
GIVEN_UP = (WaitingState.LEFT, WaitingState.LAPSED)

NO_PRICE = Price(0, "sans tarif", None)


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of the cart: not validated yet."""

    action: LineAction
    cents: int
    locked: bool = False  # its order is being paid
    waits: bool = False  # was told it is full


DEFAULT = "default"  # the presence of an activity whose days are booked by themselves

Bar = Literal["", "suspended", "papers"]
Attended = Literal["", "present", "absent", "absent_free"]  # the last: nothing is due of it


@dataclass(frozen=True, slots=True)
class Booked:
    """A live booking, or the last one the mairie refused."""

    id: int
    state: BookingState
    cents: int
    own: bool = True  # of this household
    cancel_asked: bool = False
    rank: int = 0
    note: str | None = None
    offered_until: datetime | None = None
    reason: str = ""  # of the price
    tariff: int | None = None  # the id of the one that said it
    late: bool = False  # asked for between the limit and the later one: it costs more
    attended: Attended = ""  # what the roll call says of it

    def price(self, today: Price) -> Price:
        """The price that it was booked at. A row without its reason says today's."""
        return Price(self.cents, self.reason or today.reason, self.tariff)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a day of a child in a slot depends on."""

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
    keeps_booked: bool = False  # what is booked is never cancelled by its family
    barred: Bar = ""  # suspended: the family is too late with what it owes the till; papers: one is missing
    price: Price = NO_PRICE  # of the day, now

    @property
    def full(self) -> bool:
        return is_full(self.places, self.taken, self.queue)

    @property
    def live(self) -> Booked | None:
        """The booking, unless the mairie refused it."""
        return None if self.booked is None or self.booked.state == BookingState.REFUSED else self.booked


def is_full(places: int | None, taken: int, queue: int) -> bool:
    """While somebody waits, a freed place is theirs: others see the day full."""
    return places is not None and (taken >= places or queue > 0)


class Does(StrEnum):
    """What an action on a day does."""

    NOTHING = "nothing"  # the day is as wished already
    ADD = "add"  # a place
    WAIT = "wait"  # a rank: the day is full
    ASK = "ask"  # the mairie decides, of a booking or of a cancellation
    CANCEL = "cancel"  # what was paid comes back, or is not invoiced
    CANCEL_BILLED = "cancel_billed"  # too late: the place is free, the day stays due
    WITHDRAW = "withdraw"  # what was asked, a rank or an offer is given up; nothing was due
    REFUSE = "refuse"


Why = Literal[
    "", "other", "paying", "closed", "not_yet", "late", "never", "membership", "full", "asked", "suspended", "papers"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """`cents` is what it adds to the cost, negative for a cancellation: due at once, or once the mairie or a free
    place allows it."""

    kind: Does
    cents: int = 0
    why: Why = ""  # of a refusal
    late: bool = False  # past the deadline of cancellations

    @property
    def is_possible(self) -> bool:
        return self.kind not in (Does.NOTHING, Does.REFUSE)


NOTHING = Effect(Does.NOTHING)


def effect(facts: Facts, action: LineAction, now: datetime) -> Effect:
    """What booking the day, or giving it back, does if it takes effect now.

    What is drafted (`facts.wish`) was possible at its tick: it is not asked again whether booking has begun, nor for
    a cancellation whether the day was closed since, or asked for.
    """
    if facts.wish is not None and facts.wish.locked:
        return _refuse("paying")
    booked = facts.live
    if action == LineAction.CANCEL:
        return NOTHING if booked is None else _cancel(facts, booked, now)
    return _book(facts, now) if booked is None else _take(facts, booked, now)


def lapses(action: LineAction, booked: BookingState | None, late_cancel: bool) -> bool:
    """Does the deadline end this action? Not a cancellation that is allowed late, nor one of what is not booked yet."""
    return action == LineAction.ADD or (booked == BookingState.CONFIRMED and not late_cancel)


def by_default(facts: Facts, now: datetime) -> Does:
    """ADD or WAIT for a day that the portal books by itself, NOTHING where it does not.

    A day that its family could not untick any more, or that would cost more than booked in time, is not imposed.
    """
    if facts.booked is not None or facts.price.how == "late" or not is_open(now, facts.cancel_closes):
        return Does.NOTHING
    does = effect(facts, LineAction.ADD, now).kind
    return does if does in (Does.ADD, Does.WAIT) else Does.NOTHING


def _refuse(why: Why, *, late: bool = False) -> Effect:
    return Effect(Does.REFUSE, why=why, late=late)


def _book(facts: Facts, now: datetime) -> Effect:
    """Of a day that is not booked."""
    cents = facts.price.cents
    if not facts.enrolled or facts.day.kind is not Kind.open:
        return _refuse("closed")
    if not facts.visible and facts.wish is None:
        return _refuse("not_yet")
    if not is_open(now, facts.book_closes):
        return _refuse("late")
    if facts.barred:
        return _refuse(facts.barred)
    if not facts.member:
        return _refuse("membership")
    if facts.full:
        return Effect(Does.WAIT, cents) if facts.waiting_list else _refuse("full")
    return Effect(Does.ASK if facts.asks else Does.ADD, cents)


def _take(facts: Facts, booked: Booked, now: datetime) -> Effect:
    """Of a day that is booked: only an offered place is still to be taken, and no question is asked about it."""
    if not booked.own:
        return _refuse("other")
    if booked.state != BookingState.OFFERED:
        return NOTHING
    if not facts.enrolled or facts.day.kind is not Kind.open:
        return _refuse("closed")
    if facts.barred:
        return _refuse(facts.barred)
    if not facts.member:
        return _refuse("membership")
    return Effect(Does.ADD, facts.price.cents) if is_open(now, facts.book_closes) else _refuse("late")


def _cancel(facts: Facts, booked: Booked, now: datetime) -> Effect:
    if not booked.own:
        return _refuse("other")
    if booked.state == BookingState.HELD:
        return _refuse("paying")
    if booked.state != BookingState.CONFIRMED:
        return Effect(Does.WITHDRAW)
    if facts.wish is None and booked.cancel_asked:
        return _refuse("asked")
    if facts.wish is None and facts.day.kind is not Kind.open:
        return _refuse("closed")
    if facts.keeps_booked:
        return _refuse("never")
    late = not is_open(now, facts.cancel_closes)
    if late and lapses(LineAction.CANCEL, booked.state, facts.late_cancel):
        return _refuse("late", late=True)
    cents = 0 if late else -booked.cents
    if facts.asks:
        return Effect(Does.ASK, cents, late=late)
    return Effect(Does.CANCEL_BILLED if late else Does.CANCEL, cents, late=late)
