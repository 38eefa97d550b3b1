"""The mairie books a day beyond the limit, for a reason that it says; what it booked so, it may take back.

All but the limit holds: the child is enrolled, the day open, a place free and nobody waiting for it. The price is the
one that the planning shows. Amounts are cents.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activities.catalogue import Catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.bookings.roll.owing import add_line, owe
from models.bookings.waiting_list import free_places
from models.families.family import Family
from models.families.household import Household
from models.money import ledger
from models.planning.facts import PlanningFacts
from models.rules import postings
from models.rules.booking import BookingState, Facts
from models.rules.calendar import Kind
from models.rules.postings import FamilyAccount
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event
from models.work.notice import Notice

REVERSIBLE = timedelta(hours=24)


class NotPossible(Exception):
    """`why`: over, booked, nowhere (not enrolled, or nothing opens), membership, full; of an undo: gone, too_late."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Wanted:
    """A day of a child in a slot, for which reason, by whom; `click` is the form's nonce."""

    family: int
    child: int
    slot: int
    day: date
    reason: str
    member: int
    click: str

    @property
    def actor(self) -> str:
        return f"member:{self.member}"


async def book(catalogue: Catalogue, wanted: Wanted, now: datetime) -> Booking:
    """The same form twice books once. Raises NotPossible."""
    return await retrying(lambda: _book(catalogue, wanted, now))


async def _book(catalogue: Catalogue, wanted: Wanted, now: datetime) -> Booking:
    async with transaction():
        await Family.lock(wanted.family)
        if before := await Order.get_or_none(family_id=wanted.family, click=wanted.click):
            line = await OrderLine.get(order_id=before.id)
            return await Booking.get(id=line.booking_id)
        facts, household = await _facts(catalogue, wanted, now)
        why = refusal(facts, wanted.day, now.date())
        if why:
            raise NotPossible(why)
        enrolment = household.enrolment(wanted.child, catalogue.activity_of(wanted.slot).id)
        opening = enrolment and await Opening.get_or_none(
            slot_id=wanted.slot, group_id=enrolment.group, day=wanted.day
        )
        if enrolment is None or opening is None:
            raise NotPossible("nowhere")
        if not await Opening.take(opening.id):
            raise NotPossible("full")
        row = await Booking.create(
            child_id=wanted.child,
            family_id=wanted.family,
            enrolment_id=enrolment.id,
            slot_id=wanted.slot,
            opening_id=opening.id,
            day=wanted.day,
            state=BookingState.CONFIRMED,
            cents=facts.price.cents,
            reason=facts.price.reason,
            tariff_id=facts.price.tariff,
            late=facts.price.how == "late",
            made_at=now,
            changed_at=now,
        )
        order = await _order(await Booking.get(id=row.id).select_related("slot__activity"), wanted, now)
        await Booking.filter(id=row.id).update(order_id=order.id)
        await Event.note(
            now, wanted.actor, "order.by_mairie", f"order:{order.id}", wanted.family,
            before={}, after={"reason": wanted.reason}, day=wanted.day.isoformat(),
        )  # fmt: skip
        await Notice.say(NoticeKind.ORDER_CONFIRMED, wanted.family, f"order:{order.id}", now)
    return row


def refusal(facts: Facts, day: date, today: date) -> str:
    """Why the day cannot be booked, whatever the limit; "" where it can."""
    if day < today:
        return "over"
    if facts.live is not None:
        return "booked"
    if not facts.enrolled or facts.day.kind is not Kind.open:
        return "nowhere"
    if not facts.member:
        return "membership"
    return "full" if facts.full else ""


async def _facts(catalogue: Catalogue, wanted: Wanted, now: datetime) -> tuple[Facts, Household]:
    household = await Household.read(wanted.family)
    child = household.child(wanted.child)
    if child is None or wanted.slot not in catalogue.slots:
        raise NotPossible("nowhere")
    read = await PlanningFacts.read(
        catalogue, household, now, [wanted.child], [wanted.slot], wanted.day, wanted.day
    )
    return read.of_cell(child, wanted.slot, wanted.day), household


async def _order(row: Booking, wanted: Wanted, now: datetime) -> Order:
    """Prepaid: what it costs is owed to the till. Invoiced: it is on the month's invoice."""
    activity = row.slot.activity
    if activity.billing == OrderKind.PREPAID:
        return await owe(row, wanted.click, now, wanted.actor)
    return await _noted(row, wanted.click, LineAction.ADD, row.cents, now, wanted.actor)


async def _noted(
    row: Booking, click: str, action: LineAction, cents: int, now: datetime, actor: str
) -> Order:
    """An order of one line, as the mairie makes it: `row` has its slot and its activity."""
    activity = row.slot.activity
    prepaid = activity.billing == OrderKind.PREPAID
    order = await Order.create(
        family_id=row.family_id,
        till_id=activity.till_id,
        kind=OrderKind.PREPAID if prepaid else OrderKind.INVOICED,
        state=OrderState.CONFIRMED,
        click=click,
        net=cents,
        made_at=now,
    )
    await add_line(order, row, action, cents)
    sign = "+" if action == LineAction.ADD else "-"
    await Event.note(
        now, actor, "order.made", f"order:{order.id}", row.family_id, net=cents, debt=0, credit=0, due=0,
        lines=[f"{sign}{row.child_id}-{row.slot_id}-{row.day}"],
    )  # fmt: skip
    return order


async def take_back(family: int, booking: int, member: int, now: datetime) -> bool:
    """What the mairie booked so, within a day, and before the day itself is over: what it cost is an avoir.

    False when it was taken back already. Raises NotPossible.
    """
    return await retrying(lambda: _take_back(family, booking, f"member:{member}", now))


async def _take_back(family: int, booking: int, actor: str, now: datetime) -> bool:
    click = f"undo:{booking}"
    async with transaction():
        await Family.lock(family)
        if await Order.exists(family_id=family, click=click):
            return False
        row = await Booking.get_or_none(id=booking, family_id=family).select_related("slot__activity")
        made = row and await Event.exists(object=f"order:{row.order_id}", action="order.by_mairie")
        if row is None or not made or row.state != BookingState.CONFIRMED:
            raise NotPossible("gone")
        if now > row.made_at + REVERSIBLE or row.day < now.date():
            raise NotPossible("too_late")
        order = await _noted(row, click, LineAction.CANCEL, -row.cents, now, actor)
        await Event.note(now, actor, "order.taken_back", f"order:{order.id}", family, day=row.day.isoformat())
        await Booking.move(
            row.id, BookingState.CONFIRMED, BookingState.CANCELLED, changed_at=now, billed=False
        )
        await free_places([row.opening_id])
        account = FamilyAccount(family, order.till_id)
        back = postings.sold(account, order.id, {row.slot.activity.code: order.net}, "1 annulation")
        if back and order.kind == OrderKind.PREPAID:
            await ledger.post(back, at=now, actor=actor)
        await Notice.say(NoticeKind.ORDER_CONFIRMED, family, f"order:{order.id}", now)
    return True
