"""What orders came to, line by line: what one click booked, asked or cancelled, and what became of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from models.activities.catalogue import Catalogue
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import ranks
from models.families.family import Family
from models.families.household import ChildFacts, Household
from models.french import orders as french
from models.rules.booking import BookingState
from models.rules.deadlines import PARIS
from models.rules.states.orders import Billing, LineAction, OrderKind, OrderState
from models.rules.states.requests import RequestKind, RequestState


class Share(StrEnum):
    """What becomes of the price of a line."""

    PAID = "paid"  # with its order
    RETURNED = "returned"  # its order gave more back than it cost
    POSTPONED = "postponed"  # with the next payment
    INVOICED = "invoiced"  # at the end of the month
    TO_PAY = "to_pay"  # its payment has not ended
    ASKED = "asked"  # the mairie answers
    QUEUED = "queued"  # a place may become free
    STAYS_DUE = "stays_due"  # given back too late, or the mairie did not accept it
    APART = "apart"  # the mairie has accepted it since, and another order pays for it
    NOTHING = "nothing"  # nothing is owed


@dataclass(frozen=True, slots=True)
class Item:
    child: str
    name: str
    activity: str
    day: date | None
    cents: int
    became: str  # a key of french.BECAME, or a booking's state that needs no word
    share: Share
    invoiced: bool  # booked, and on the month's invoice
    opens: date  # where the planning shows it
    order: tuple[int, date, int]
    rank: int = 0

    @property
    def tag(self) -> str:
        return french.became(self.became, self.rank)


@dataclass(frozen=True, slots=True)
class Summary:
    orders: tuple[Order, ...]
    items: tuple[Item, ...]

    @property
    def children(self) -> list[tuple[str, list[Item]]]:
        return [(name, list(items)) for name, items in groupby(self.items, key=lambda item: item.child)]

    @property
    def invoiced(self) -> bool:
        """Does a month's invoice follow? Not of what is asked, waits or was cancelled."""
        return any(item.invoiced for item in self.items)

    @property
    def asked(self) -> int:
        return sum(item.became in (BookingState.REQUESTED, "cancel_asked") for item in self.items)

    @property
    def waits(self) -> int:
        return sum(item.became == BookingState.WAITING for item in self.items)

    @property
    def credit(self) -> int:
        """What prepaid cancellations gave back, beyond what was bought."""
        return sum(max(0, -order.net) for order in self.orders if order.kind == OrderKind.PREPAID)

    @property
    def used(self) -> int:
        """Of the family's credit."""
        return sum(order.credit for order in self.orders)

    @property
    def postponed(self) -> int:
        """What goes with the next payment."""
        return sum(_postponed(order) for order in self.orders)

    @property
    def back(self) -> str:
        """The planning that shows the first line."""
        if not self.items:
            return "/planning"
        first = self.items[0]
        return f"/planning?par=enfant&id={first.order[0]}&debut={first.opens.isoformat()}"

    @property
    def only_child(self) -> int | None:
        """The id of the child whom all of it is for; None where it is for several, or for nobody."""
        children = {item.order[0] for item in self.items}
        return children.pop() if len(children) == 1 else None

    def planning(self, child: int) -> str:
        """The planning of another child, open for changes: the same week, or the month where there were several."""
        weeks = {item.day.isocalendar()[:2] for item in self.items if item.day}
        wide = "&vue=mois" if len(weeks) > 1 else ""
        return f"/planning?par=enfant&id={child}{wide}&debut={self.items[0].opens.isoformat()}&modifier=1"


async def siblings(shown: Summary, catalogue: Catalogue, family: Family) -> list[ChildFacts]:
    """The brothers and sisters who may want the same, where all of it was for one child."""
    if shown.only_child is None:
        return []
    return (await Household.of(catalogue, family)).siblings(catalogue, shown.only_child)


async def of_click(family: int, click: str) -> Summary | None:
    """None when this family made no such click."""
    orders = await Order.filter(family_id=family, click=click).order_by("id")
    return await of_orders(orders) if orders else None


async def of_orders(orders: list[Order], *, credited: bool = False) -> Summary:
    """`credited`: what was paid for them is a credit, whatever else became of the days."""
    ids = [order.id for order in orders]
    lines = await OrderLine.filter(order_id__in=ids).select_related("child", "activity", "slot")
    bookings = Booking.filter(id__in=[line.booking_id for line in lines if line.booking_id])
    found = {booking.id: booking for booking in await bookings}
    asked = FamilyRequest.filter(
        booking_id__in=list(found), kind=RequestKind.CANCELLATION, state=RequestState.PENDING
    )
    pending = {request.booking_id for request in await asked}
    of = {order.id: order for order in orders}
    items = [
        _item(line, of[line.order_id], found.get(line.booking_id or 0), line.booking_id in pending, credited)
        for line in lines
    ]
    items += await _waiting(ids)
    return Summary(tuple(orders), tuple(sorted(items, key=lambda item: item.order)))


def _item(line: OrderLine, order: Order, booking: Booking | None, pending: bool, credited: bool) -> Item:
    slot, day, made = line.slot, line.day, order.made_at.astimezone(PARIS).date()
    became = "credited" if credited else _became(line, order, booking, pending)
    return Item(
        child=line.child.first_name,
        name=slot.name if slot else line.activity.name,
        activity=line.activity.name if slot else "Adhésion",
        day=day,
        cents=line.cents,
        became=became,
        share=_share(line, order, became),
        invoiced=line.action == LineAction.ADD
        and booking is not None
        and booking.state == BookingState.CONFIRMED
        and line.activity.billing == Billing.INVOICED,
        opens=day or max(line.activity.opens, made),
        order=(line.child_id, day or date.min, slot.starts if slot else 0),
    )


def _became(line: OrderLine, order: Order, booking: Booking | None, pending: bool) -> str:
    if line.action == LineAction.VOID:
        return "paid_before"
    if booking is None:
        return ""
    cancelled = booking.state == BookingState.CANCELLED
    if line.action == LineAction.ADD:
        return "cancelled_late" if cancelled and booking.billed else booking.state
    if cancelled:
        return "late_cancellation" if booking.billed else "cancellation"
    if order.state != OrderState.CONFIRMED:
        return order.state  # it takes effect with its payment
    return "cancel_asked" if pending else "cancel_refused"


def _share(line: OrderLine, order: Order, became: str) -> Share:
    if order.state == OrderState.RELEASED:
        return Share.NOTHING
    if order.state == OrderState.HELD or became == BookingState.OFFERED:
        return Share.TO_PAY
    if became in (BookingState.REQUESTED, "cancel_asked"):
        return Share.ASKED
    if order.kind != OrderKind.INVOICED:
        if _postponed(order):
            return Share.POSTPONED
        return Share.RETURNED if order.net < 0 else Share.PAID
    if became in ("late_cancellation", "cancel_refused"):
        return Share.STAYS_DUE
    withdrawn = became == "cancellation" and not line.cents
    if withdrawn or became not in (BookingState.CONFIRMED, "cancellation", "cancelled_late"):
        return Share.NOTHING
    return Share.INVOICED if line.activity.billing == Billing.INVOICED else Share.APART


async def _waiting(orders: list[int]) -> list[Item]:
    """The days that took a rank: they have no line."""
    waiting = await Booking.filter(order_id__in=orders, state=BookingState.WAITING).select_related(
        "child", "slot__activity"
    )
    places = await ranks([booking.id for booking in waiting])
    return [
        Item(
            child=booking.child.first_name,
            name=booking.slot.name,
            activity=booking.slot.activity.name,
            day=booking.day,
            cents=0,
            became=BookingState.WAITING,
            share=Share.QUEUED,
            invoiced=False,
            opens=booking.day,
            order=(booking.child_id, booking.day, booking.slot.starts),
            rank=places[booking.id],
        )
        for booking in waiting
        if booking.id in places
    ]


def _postponed(order: Order) -> int:
    if order.kind == OrderKind.INVOICED or order.due or order.net <= 0:
        return 0
    return max(0, order.net + order.debt - order.credit)
