"""An activity that books by itself is switched back within a day: what it booked to come is taken back.

Later than that its days stay as they are: families count on them. Family by family, in a short transaction each.
"""

from datetime import date, datetime, timedelta
from functools import partial

from tortoise.queryset import QuerySet

from models.activities import catalogue
from models.activities.activity import Activity
from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting, free_places
from models.families.family import Family
from models.presence import digest
from models.rules.booking import DEFAULT, BookingState, WaitingState
from models.rules.calendar import month
from models.rules.deadlines import PARIS
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.storage.database import as_instant, retrying, rows, transaction
from models.work.audit_log import Event
from models.work.task import Task

REVERSIBLE = timedelta(hours=24)
CLICK = "undefault"  # how the clicks of its orders begin


class TooLate(Exception):
    """It was not switched within the last day, or was switched back."""


async def switched_at(activity: int) -> datetime | None:
    """When it was switched to book by itself, where it does; None where it never was otherwise."""
    if not await Activity.exists(id=activity, presence=DEFAULT):
        return None
    found = await rows(_SWITCHED, [f"activity:{activity}"])
    return as_instant(found[0]["at"]) if found else None


async def may_undo(activity: int, now: datetime) -> bool:
    at = await switched_at(activity)
    return at is not None and now <= at + REVERSIBLE


async def undo(activity: int, member: int, now: datetime) -> None:
    """Parents book again as before. Raises TooLate."""
    await retrying(lambda: _undo(activity, f"member:{member}", now))


async def _undo(activity: int, actor: str, now: datetime) -> None:
    async with transaction():
        await Family.lock_all()  # no family is being booked
        if not await may_undo(activity, now):
            raise TooLate
        await Activity.filter(id=activity).update(presence="booking")
        await Event.note(
            now, actor, "activity.changed", f"activity:{activity}",
            before={"presence": DEFAULT}, after={"presence": "booking"},
        )  # fmt: skip
        await Task.later("take_back_defaults", activity, f"{now:%Y%m%d%H%M%S}")
        await catalogue.read()


async def booked_to_come(activity: int, now: datetime) -> int:
    """How many days to come the portal booked by itself, and nobody unticked."""
    return await _to_come(activity, now).count()


async def take_back_defaults(activity: int, run: str, now: datetime) -> None:
    """Each family that has days to come from it is asked for once by a run."""
    families = await _to_come(activity, now).distinct().values_list("family_id", flat=True)
    keys = {f"{CLICK}:{run}:{activity}:{one}": [activity, one, run] for one in sorted(families)}
    if keys:
        await Task.later_each("take_back_default", keys)


async def take_back_default(activity: int, family: int, run: str, now: datetime) -> None:
    """The days to come of one family, then one message about them. Twice is once."""
    click = f"{CLICK}:{run}:{activity}:"
    mine = await _to_come(activity, now).filter(family_id=family).only("id", "day")
    for first, last in sorted({month(one.day) for one in mine}):
        await retrying(partial(_take_back, activity, family, (first, last), f"{click}{first:%Y-%m}", now))
    await digest.tell_taken_back(activity, family, click, now)


async def _take_back(
    activity: int, family: int, within: tuple[date, date], click: str, now: datetime
) -> None:
    """Of one month."""
    async with transaction():
        await Family.lock(family)
        if await Activity.exists(id=activity, presence=DEFAULT):
            return  # switched again meanwhile
        mine = _to_come(activity, now).filter(family_id=family, day__gte=within[0], day__lte=within[1])
        found = await mine.order_by("opening_id", "id")
        if not found:
            return
        row = await Activity.get(id=activity)
        net = -sum(map(_due, found))
        order = await Order.create(
            family_id=family,
            till_id=row.till_id,
            kind=OrderKind.INVOICED,
            state=OrderState.CONFIRMED,
            click=click,
            net=net,
            made_at=now,
        )
        await OrderLine.bulk_create([_line(order, activity, one) for one in found])
        await _cancel(found, now)
        await Event.note(
            now, "clock", "order.made", f"order:{order.id}", family, net=net, debt=0, credit=0, due=0,
            lines=[f"-{one.child_id}-{one.slot_id}-{one.day}" for one in found],
        )  # fmt: skip
        await Event.note(
            now,
            "clock",
            "order.default_taken_back",
            f"order:{order.id}",
            family,
            activity=activity,
            name=row.name,
        )


def _due(one: Booking) -> int:
    """Nothing of a rank: its order had asked nothing for it."""
    return one.cents if one.state == BookingState.CONFIRMED else 0


def _line(order: Order, activity: int, one: Booking) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        child_id=one.child_id,
        activity_id=activity,
        slot_id=one.slot_id,
        action=LineAction.CANCEL,
        day=one.day,
        booking_id=one.id,
        cents=-_due(one),
        reason=one.reason,
        tariff_id=one.tariff_id,
    )


async def _cancel(found: list[Booking], now: datetime) -> None:
    """They are no word of the family: switched again, they are booked again."""
    ids = [one.id for one in found]
    await Waiting.filter(booking_id__in=ids, state=WaitingState.WAITING).update(state=WaitingState.LEFT)
    freed = [one.opening_id for one in found if one.state == BookingState.CONFIRMED]
    await Booking.filter(id__in=ids).update(
        state=BookingState.CANCELLED, billed=False, returns=True, changed_at=now
    )
    await free_places(freed)


def _to_come(activity: int, now: datetime) -> QuerySet[Booking]:
    mine = Booking.filter(slot__activity_id=activity, by_default=True)
    return mine.filter(state__in=(BookingState.CONFIRMED, BookingState.WAITING), day__gt=_today(now))


def _today(now: datetime) -> date:
    return now.astimezone(PARIS).date()


_SWITCHED = """
SELECT MAX(at) AS at FROM event WHERE object = ? AND action = 'activity.changed'
AND details->'after'->>'presence' = 'default' HAVING MAX(at) IS NOT NULL
"""
