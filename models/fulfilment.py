"""What an order does when it is confirmed, when it is released, and when its money comes too late.

Called inside the transaction that decided it, after Family.lock. Each step looks at the state it changes, so that
done twice it changes nothing.
"""

from collections import Counter
from datetime import datetime

from models import ledger
from models.activity import Activity
from models.booking import LIVE, Booking
from models.cart import CartLine
from models.child import Schooling
from models.enrolment import Enrolment
from models.family import Family
from models.group import Group
from models.membership import Membership
from models.opening import Opening
from models.order import Order, OrderLine
from models.rules import accounts
from models.rules.accounts import Purse
from models.task import Task
from models.waiting import Waiting


async def confirm(order: Order, now: datetime, actor: str) -> bool:
    """Held → confirmed: places become bookings, cancellations take effect, the ledger says what it cost."""
    if await Order.filter(id=order.id, state="held").update(state="confirmed") != 1:
        return False
    lines = await OrderLine.filter(order_id=order.id).select_related("activity")
    await Booking.filter(order_id=order.id, state="held").update(state="confirmed", changed_at=now)
    cancelled = await _cancel([line for line in lines if line.action == "cancel"], now)
    joined = await _join([line for line in lines if line.action == "membership"], order, now)
    revenue: Counter[str] = Counter()
    for line in lines:
        if line.action == "add" or line.id in cancelled or line.id in joined:
            revenue[line.activity.code] += line.cents
    purse = Purse(order.family_id, order.till_id)
    if order.credit and order.due:
        await ledger.post(accounts.credit_used(purse, order.id, order.credit), at=now, actor=actor)
    sale = accounts.sold(purse, order.id, revenue, _label(order, lines))
    if sale:
        await ledger.post(sale, at=now, actor=actor)
    await Waiting.filter(booking__order_id=order.id, state="offered").update(state="served")
    await CartLine.filter(order_id=order.id).delete()
    return True


async def release(order: Order, now: datetime, actor: str) -> bool:
    """Held → released: places are free again, the ticks are a draft again, nothing is owed."""
    if await Order.filter(id=order.id, state="held").update(state="released") != 1:
        return False
    offered = set(
        await Waiting.filter(booking__order_id=order.id, state="offered").values_list("booking_id", flat=True)
    )
    held = await Booking.filter(order_id=order.id, state="held").values_list("id", "opening_id")
    freed = [opening for booking, opening in held if booking not in offered]
    await Booking.filter(order_id=order.id, state="held", id__in=list(offered)).update(
        state="offered", order_id=None
    )
    await Booking.filter(order_id=order.id, state="held").update(
        state="released", changed_at=now, billed=False
    )
    await Opening.give_back(freed)
    for opening in sorted(set(freed)):
        await Task.later("promote", opening)
    if order.credit and order.due:
        purse = Purse(order.family_id, order.till_id)
        await ledger.post(accounts.credit_freed(purse, order.id, order.credit), at=now, actor=actor)
    await CartLine.filter(order_id=order.id).update(order_id=None)
    return True


async def revive(order: Order, now: datetime, actor: str) -> bool:
    """The bank says « paid » after the hold ended: take the places again, all or none. False when one is gone.

    The money is on the family's account already; false leaves it there, as a credit.
    """
    lines = await OrderLine.filter(order_id=order.id)
    if order.state != "released" or any(line.action == "cancel" for line in lines):
        return False
    if order.kind == "membership":
        await Order.filter(id=order.id, state="released").update(state="held")
        return await confirm(order, now, actor)
    bookings = await Booking.filter(order_id=order.id, state="released").order_by("opening_id")
    if len(bookings) != sum(line.action == "add" for line in lines):
        return False
    if not await _again(bookings):
        return False
    await Booking.filter(id__in=[booking.id for booking in bookings]).update(state="held", billed=True)
    for booking in bookings:  # the same days may be a draft again
        await CartLine.filter(
            child_id=booking.child_id, slot_id=booking.slot_id, day=booking.day, family_id=order.family_id
        ).delete()
    await Order.filter(id=order.id, state="released").update(state="held", credit=0)
    order.credit = 0
    return await confirm(order, now, actor)


async def _again(bookings: list[Booking]) -> bool:
    """Take the places one by one; on the first that is gone give back those already taken."""
    taken: list[int] = []
    for booking in bookings:
        other = await Booking.filter(
            child_id=booking.child_id, slot_id=booking.slot_id, day=booking.day, state__in=LIVE
        ).exists()
        queue = await Waiting.filter(opening_id=booking.opening_id, state="waiting").exists()
        if other or queue or not await Opening.take(booking.opening_id):
            await Opening.give_back(taken)
            return False
        taken.append(booking.opening_id)
    return True


async def _cancel(lines: list[OrderLine], now: datetime) -> set[int]:
    """Ids of the lines that took effect: a booking that changed meanwhile gives no credit."""
    done, freed = set(), []
    for line in lines:
        if line.booking_id and await Booking.move(
            line.booking_id, "confirmed", "cancelled", changed_at=now, billed=False
        ):
            done.add(line.id)
            freed.append((await Booking.get(id=line.booking_id)).opening_id)
    await Opening.give_back(freed)
    for opening in sorted(set(freed)):
        await Task.later("promote", opening)
    return done


async def _join(lines: list[OrderLine], order: Order, now: datetime) -> set[int]:
    """Ids of the lines that made a membership; one that exists already leaves its money as a credit."""
    done = set()
    for line in lines:
        if await Membership.exists(child_id=line.child_id, activity_id=line.activity_id):
            continue
        await Membership.create(
            child_id=line.child_id,
            activity_id=line.activity_id,
            family_id=order.family_id,
            cents=line.cents,
            paid_at=now,
        )
        await enrol(line.child_id, line.activity_id, order.family_id)
        done.add(line.id)
    return done


async def enrol(child: int, activity: int, family: int) -> None:
    """The child joins the group of its class, for the whole of the activity."""
    row = await Activity.get(id=activity)
    schooling = await Schooling.filter(child_id=child, year_id=row.year_id).select_related("school").first()
    for group in await Group.filter(activity_id=activity).order_by("position"):
        fits = schooling is not None and (group.levels is None or schooling.level in group.levels)
        if fits and schooling and (group.schools is None or schooling.school.code in group.schools):
            new = Enrolment(
                child_id=child,
                family_id=family,
                activity_id=activity,
                group_id=group.id,
                start=row.opens,
                end=row.closes,
            )
            await Enrolment.bulk_create([new], ignore_conflicts=True)
            break
    await Family.touch(child)


def _label(order: Order, lines: list[OrderLine]) -> str:
    added = sum(line.action == "add" for line in lines)
    cancelled = sum(line.action == "cancel" for line in lines)
    if order.kind == "membership":
        return "Adhésion" if len(lines) == 1 else f"{len(lines)} adhésions"
    said = [f"{added} réservation{'s' * (added > 1)}"] * bool(added)
    said += [f"{cancelled} annulation{'s' * (cancelled > 1)}"] * bool(cancelled)
    return ", ".join(said)
