"""What an order did, line by line, as messages list it: by child, with the day, the price or the rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting, ranks
from models.rules.booking import BookingState, WaitingState
from models.rules.states.orders import Billing, LineAction
from models.rules.states.requests import RequestKind, RequestState

BOOKED, ASKED, QUEUED, MEMBERSHIP = "booked", "asked", "queued", "membership"
CANCELLED, LATE, CANCEL_ASKED, WITHDRAWN = "cancelled", "late", "cancel_asked", "withdrawn"
VOID = "void"  # a membership that the child had already
NOTES = {CANCELLED: "annulé"}
UNPRICED = (QUEUED, LATE, WITHDRAWN)


@dataclass(frozen=True)
class Line:
    child: str
    what: str
    day: date | None
    cents: int
    fate: str
    prepaid: bool
    rank: int = 0

    @property
    def priced(self) -> bool:
        return self.fate not in UNPRICED

    @property
    def note(self) -> str:
        return f"rang {self.rank}" if self.rank else NOTES.get(self.fate, "")


async def lines_of(order: Order) -> list[Line]:
    """What its click did: the lines of the order, and the days that took a rank."""
    rows = await OrderLine.filter(order_id=order.id).select_related("child", "activity", "slot")
    fates = await _fates(order, rows)
    rows.sort(key=lambda row: (row.child.first_name, row.child_id, row.day or date.min, row.id))
    lines = [
        Line(
            child=row.child.first_name,
            what=row.slot.name if row.slot else row.activity.name,
            day=row.day,
            cents=row.cents,
            fate=fates[row.id],
            prepaid=row.activity.billing == Billing.PREPAID,
        )
        for row in rows
    ]
    return lines + await _queued(order, [row.booking_id for row in rows])


async def _queued(order: Order, told: Sequence[int | None]) -> list[Line]:
    waits = Booking.filter(order_id=order.id, state=BookingState.WAITING).exclude(
        id__in=[id for id in told if id]
    )
    rows = await waits.select_related("child", "slot__activity").order_by(
        "child__first_name", "child_id", "day", "id"
    )
    places = await ranks([row.id for row in rows])
    return [
        Line(
            child=row.child.first_name,
            what=row.slot.name,
            day=row.day,
            cents=0,
            fate=QUEUED,
            prepaid=row.slot.activity.billing == Billing.PREPAID,
            rank=places[row.id],
        )
        for row in rows
        if row.id in places
    ]


async def _fates(order: Order, rows: Sequence[OrderLine]) -> dict[int, str]:
    """What the click did of each line, by its id. The mairie may have answered since: it was asked all the same."""
    ids = [row.booking_id for row in rows if row.booking_id]
    bookings = {row.id: row for row in await Booking.filter(id__in=ids)}
    requests = await FamilyRequest.filter(booking_id__in=ids)
    asked = {(row.booking_id, row.kind) for row in requests if row.made_at == order.made_at}
    withdrawn = {row.booking_id for row in requests if row.state == RequestState.WITHDRAWN}
    withdrawn |= {row.booking_id for row in await Waiting.filter(booking_id__in=ids, state=WaitingState.LEFT)}

    def fate(row: OrderLine) -> str:
        if row.action == LineAction.MEMBERSHIP:
            return MEMBERSHIP
        if row.action == LineAction.VOID:
            return VOID
        if row.action == LineAction.ADD:
            return ASKED if (row.booking_id, RequestKind.BOOKING) in asked else BOOKED
        if (row.booking_id, RequestKind.CANCELLATION) in asked:
            return CANCEL_ASKED
        if row.booking_id in withdrawn:
            return WITHDRAWN
        booking = bookings.get(row.booking_id or 0)
        return LATE if booking and booking.billed else CANCELLED

    return {row.id: fate(row) for row in rows}


def by_child(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    return [(child, list(mine)) for child, mine in groupby(lines, key=lambda line: line.child)]
