"""The portal books the days of who is enrolled: family by family, month by month, in a short transaction each.

Killed anywhere, the same work goes on: what is booked is not free any more, and a month of a run has one order.
"""

from collections.abc import Sequence
from datetime import date, datetime

from models.activities.activity import Activity
from models.activities.catalogue import Catalogue, current_catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting
from models.families.family import Family
from models.families.household import Household
from models.planning.facts import PlanningFacts
from models.presence import digest
from models.presence.days import FreeDay, free_days
from models.rules.booking import DEFAULT, ORDERED, BookingState, Does, Facts, by_default
from models.rules.calendar import month
from models.rules.deadlines import PARIS
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.storage.database import retrying, rows, transaction
from models.work.audit_log import Event
from models.work.task import Task

CLICK = "default"  # how the clicks of its orders begin


async def book_all_by_default(now: datetime) -> None:
    """Every activity of whose days some may be free: what could not be booked yesterday, perhaps can today."""
    today = now.astimezone(PARIS).date()
    for row in await Activity.filter(presence=DEFAULT, closes__gte=today).order_by("id"):
        await book_activity_by_default(row.id, f"{today:%Y%m%d}", now)


async def book_activity_by_default(activity: int, run: str, now: datetime) -> None:
    """Each family of the activity is asked for once by a run."""
    if not await Activity.exists(id=activity, presence=DEFAULT):
        return
    families = sorted({one.family for one in await free_days(activity, now)})
    keys = {f"{CLICK}:{run}:{activity}:{family}": [activity, family, run] for family in families}
    if keys:
        await Task.later_each("book_by_default", keys)


async def book_by_default(activity: int, family: int, run: str, now: datetime) -> None:
    """The free days of one family, then one message about them."""
    free = await free_days(activity, now, family)
    for within in sorted({month(one.day) for one in free}):
        batch = _Batch(activity, family, run, within, now)
        await retrying(batch.book)
    await digest.tell_booked(activity, family, f"{CLICK}:{run}:{activity}:", now)


class _Batch:
    """The days of one family in one month."""

    def __init__(
        self, activity: int, family: int, run: str, within: tuple[date, date], now: datetime
    ) -> None:
        self.activity, self.family, self.within, self.now = activity, family, within, now
        self.click = f"{CLICK}:{run}:{activity}:{within[0]:%Y-%m}"

    async def book(self) -> None:
        async with transaction():
            await Family.lock(*await _homes(self.family))  # a day of a child is booked by one home
            catalogue = await current_catalogue()
            if await Order.exists(family_id=self.family, click=self.click):
                return
            if not await Activity.exists(id=self.activity, presence=DEFAULT):
                return  # switched back meanwhile
            free = await free_days(self.activity, self.now, self.family, self.within)
            wanted = await self._decided(catalogue, free)
            if found := await self._placed(catalogue, wanted):
                await self._order(catalogue, found)

    async def _decided(
        self, catalogue: Catalogue, free: Sequence[FreeDay]
    ) -> list[tuple[FreeDay, Does, Facts]]:
        """What the rule says of each, those that others need first."""
        if not free:
            return []
        household = await Household.read(self.family)
        children, slots = (
            sorted({one.child for one in free}),
            sorted(catalogue_slots(catalogue, self.activity)),
        )
        facts = await PlanningFacts.read(catalogue, household, self.now, children, slots, *self.within)
        self.booked = {key for key, one in facts.booked.items() if one.own and one.state in ORDERED}
        found = []
        for one in sorted(free, key=lambda one: (catalogue.needs.depth(one.slot), one.opening)):
            mine = facts.of_cell(household.own(one.child), one.slot, one.day)
            found.append((one, by_default(mine, self.now), mine))
        return [(one, does, mine) for one, does, mine in found if does is not Does.NOTHING]

    async def _placed(
        self, catalogue: Catalogue, wanted: Sequence[tuple[FreeDay, Does, Facts]]
    ) -> list[tuple[FreeDay, BookingState, Facts]]:
        """Places are taken in the order of openings; who finds none waits, where there is a list."""
        waits = catalogue.activities[self.activity].waiting_list
        taken: dict[tuple[int, int, date], FreeDay] = {}
        for one, does, _ in sorted(wanted, key=lambda row: row[0].opening):
            if does is Does.ADD and await Opening.take(one.opening):
                taken[one.child, one.slot, one.day] = one
        found = []
        for one, _, mine in wanted:
            key, needed = (one.child, one.slot, one.day), catalogue.needs.needed.get(one.slot)
            if needed is not None and (one.child, needed, one.day) not in self.booked | taken.keys():
                if taken.pop(key, None):
                    await Opening.give_back([one.opening])
            elif key in taken:
                found.append((one, BookingState.CONFIRMED, mine))
            elif waits:
                found.append((one, BookingState.WAITING, mine))
        return found

    async def _order(
        self, catalogue: Catalogue, found: Sequence[tuple[FreeDay, BookingState, Facts]]
    ) -> None:
        net = sum(mine.price.cents for _, state, mine in found if state == BookingState.CONFIRMED)
        order = await Order.create(
            family_id=self.family,
            till_id=catalogue.activities[self.activity].till,
            kind=OrderKind.INVOICED,
            state=OrderState.CONFIRMED,
            click=self.click,
            net=net,
            made_at=self.now,
        )
        await Booking.bulk_create([self._booking(order, *one) for one in found])
        await self._line_up(order)
        await self._drop_wishes(found)
        await Event.note(
            self.now, "clock", "order.made", f"order:{order.id}", self.family, net=net, debt=0, credit=0, due=0,
            lines=[f"+{one.child}-{one.slot}-{one.day}" for one, _, _ in found],
        )  # fmt: skip
        await Event.note(
            self.now, "clock", "order.by_default", f"order:{order.id}", self.family,
            activity=self.activity, name=catalogue.activities[self.activity].name,
        )  # fmt: skip

    def _booking(self, order: Order, one: FreeDay, state: BookingState, mine: Facts) -> Booking:
        return Booking(
            child_id=one.child,
            family_id=self.family,
            enrolment_id=one.enrolment,
            slot_id=one.slot,
            opening_id=one.opening,
            order_id=order.id,
            day=one.day,
            state=state,
            cents=mine.price.cents,
            reason=mine.price.reason,
            tariff_id=mine.price.tariff,
            by_default=True,
            made_at=self.now,
            changed_at=self.now,
        )

    async def _line_up(self, order: Order) -> None:
        """A line of the order for each booking, a rank for each that waits."""
        made = await Booking.filter(order_id=order.id).order_by("day", "id")
        await OrderLine.bulk_create(
            [
                OrderLine(
                    order_id=order.id,
                    child_id=row.child_id,
                    activity_id=self.activity,
                    slot_id=row.slot_id,
                    action=LineAction.ADD,
                    day=row.day,
                    booking_id=row.id,
                    cents=row.cents,
                    reason=row.reason,
                    tariff_id=row.tariff_id,
                )
                for row in made
                if row.state == BookingState.CONFIRMED
            ]
        )
        for row in made:
            if row.state == BookingState.WAITING:
                await Waiting.create(booking_id=row.id, opening_id=row.opening_id, since=self.now)

    async def _drop_wishes(self, found: Sequence[tuple[FreeDay, BookingState, Facts]]) -> None:
        """What a parent had ticked meanwhile is booked now."""
        for one, _, mine in found:
            if mine.wish is not None:
                await CartLine.filter(
                    family_id=self.family,
                    child_id=one.child,
                    slot_id=one.slot,
                    day=one.day,
                    action=LineAction.ADD,
                    order_id=None,
                ).delete()


def catalogue_slots(catalogue: Catalogue, activity: int) -> list[int]:
    return [slot.id for slot in catalogue.activities[activity].slots]


async def _homes(family: int) -> list[int]:
    """The family, and every other home of its children."""
    return [family, *(row["id"] for row in await rows(_HOMES, [family]))]


_HOMES = """
SELECT DISTINCT there.family_id AS id FROM home AS here JOIN home AS there ON there.child_id = here.child_id
WHERE here.family_id = ?
"""
