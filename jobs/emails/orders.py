"""What was validated: bookings made, given back, asked for, and what becomes of the price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jobs.emails import Draft, fit, write
from models.bookings.booking import Booking
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting, ranks
from models.french import day_without_year, plural
from models.french.dates import MONTHS
from models.french.orders import DID
from models.money import ledger
from models.rules.booking import BookingState, WaitingState
from models.rules.money import NBSP
from models.rules.states.orders import Billing, LineAction, OrderKind
from models.rules.states.requests import RequestKind, RequestState
from models.settings import Settings

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


async def confirmation(settings: Settings, order_id: int) -> None:
    """Nothing is written when nothing is left to tell: whoever waited has a place, or left, meanwhile."""
    order = await Order.get(id=order_id)
    lines = await lines_of(order)
    if not lines:
        return
    facts = {
        "blocks": [(title, by_child(_of(lines, fate))) for fate, title in DID.items() if _of(lines, fate)],
        "sums": [(label, cents) for label, cents in await _sums(order, lines) if cents > 0],
    }
    about = f"confirmation:{order.id}"
    await write(settings, Draft("confirmation", about, order.family_id, _subject(lines), facts))


async def _sums(order: Order, lines: Sequence[Line]) -> Iterable[tuple[str, int]]:
    """What becomes of the price. What the mairie has not answered is neither paid nor invoiced yet."""
    if order.kind == OrderKind.INVOICED:
        return _invoiced(lines)
    rest = 0 if order.due else order.net + order.debt - order.credit
    settled, credit = 0, 0
    if order.net < 0:
        settled, credit = await ledger.given_back(order.family_id, order.till_id, f"sale:{order.id}")
    return (
        ("Restant dû réglé en même temps", order.debt if order.due else 0),
        ("Avoir utilisé", order.credit),
        ("Payé par carte", order.due),
        ("Restant dû, à régulariser lors de votre prochaine réservation", rest),
        ("Déduit de votre restant dû", settled),
        ("Porté à votre avoir", credit),
    )


def _invoiced(lines: Sequence[Line]) -> Iterable[tuple[str, int]]:
    def total(fate: str, prepaid: bool) -> int:
        return sum(line.cents for line in _of(lines, fate) if line.prepaid is prepaid)

    return (
        ("Facturé en fin de mois", total(BOOKED, prepaid=False)),
        ("Ne sera pas facturé", -total(CANCELLED, prepaid=False)),
        ("Facturé en fin de mois si la mairie accepte", total(ASKED, prepaid=False)),
        ("À payer si la mairie accepte", total(ASKED, prepaid=True)),
    )


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


def _of(lines: Sequence[Line], fate: str) -> list[Line]:
    return [line for line in lines if line.fate == fate]


def _subject(lines: Sequence[Line]) -> str:
    """« 8 réservations et 2 annulations enregistrées – septembre »."""
    said = _said(lines)
    if len(lines) == 1 and lines[0].fate == QUEUED:
        return said
    months = {line.day.month for line in lines if line.day}
    month = f" – {MONTHS[months.pop() - 1]}" if len(months) == 1 else ""
    return fit(said + month, said)


def _said(lines: Sequence[Line]) -> str:
    number = {fate: len(_of(lines, fate)) for fate in DID}
    if done := number[BOOKED] + number[CANCELLED] + number[LATE]:
        parts = ((number[BOOKED], "réservation"), (number[CANCELLED] + number[LATE], "annulation"))
        said = " et ".join(plural(n, noun) for n, noun in parts if n)
        return f"{said} enregistrée{'s' * (done > 1)}"
    if asked := number[ASKED] + number[CANCEL_ASKED]:
        what = "" if number[ASKED] else " d’annulation"
        return f"{plural(asked, 'demande')}{what} envoyée{'s' * (asked > 1)} à la mairie"
    if queued := _of(lines, QUEUED):
        only = f"rang {queued[0].rank}, {day_without_year(queued[0].day)}" if queued[0].day else ""
        return f"Liste d’attente{NBSP}: {only if len(queued) == 1 else plural(len(queued), 'jour')}"
    if withdrawn := number[WITHDRAWN]:
        return f"{plural(withdrawn, 'demande')} retirée{'s' * (withdrawn > 1)}"
    joined = number[MEMBERSHIP]
    return f"{plural(joined, 'adhésion')} enregistrées" if joined > 1 else "Adhésion enregistrée"
