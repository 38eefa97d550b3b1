"""What an order does when it is confirmed, when it is released, and when its money comes after the hold.

Called inside the transaction that decided it, after Family.lock. Each step looks at the state it changes, so that
done twice it changes nothing.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from models.activities.activity import Activity
from models.activities.catalogue import current_catalogue
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting, free_places
from models.families.child import Home, Schooling
from models.families.enrolment import Enrolment, book_by_default
from models.families.household import Household
from models.families.membership import Membership
from models.money import ledger
from models.planning.facts import PlanningFacts
from models.rules import postings
from models.rules.booking import BookingState, WaitingState
from models.rules.cells import hindrance
from models.rules.checkout import settled_meanwhile, still_covers
from models.rules.postings import FamilyAccount
from models.rules.states.orders import CONFIRMABLE, LineAction, OrderKind, OrderState

GRACE = timedelta(minutes=5)  # the bank's last word is asked when a hold ends: what it says then is in time

Why = Literal["late", "full", "taken", "short", "member", "twice", "fault"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the money of an order did. With `why` nothing took effect, and all of it is a credit."""

    why: Why | None = None
    debt: int = 0  # of it, a debt that was settled otherwise meanwhile: a credit
    void: int = 0  # of it, memberships that the child had already: a credit


async def paid(order: Order, now: datetime, actor: str) -> Outcome:
    """The order's money is on the family's account: what it was for takes effect, if it still can."""
    if order.state == OrderState.HELD and order.hold_until and now > order.hold_until + GRACE:
        await release(order, now, actor)  # nobody looked when the hold ended
        order = await Order.get(id=order.id)
    owed = await ledger.standing(order.family_id, order.till_id) + order.due
    why = await _hindered(order, owed, now)
    if why:
        if order.kind == OrderKind.MEMBERSHIP:  # its lines had no place to wait for: it ends here
            await release(order, now, actor)
        return Outcome(why)
    await confirm(order, now, actor)
    void = await OrderLine.filter(order_id=order.id, action=LineAction.VOID).values_list("cents", flat=True)
    return Outcome(debt=settled_meanwhile(order.debt, owed), void=sum(void))  # type: ignore[arg-type]


async def _hindered(order: Order, owed: int, now: datetime) -> Why | None:
    """Why an order that is paid cannot take effect. One that is held can, except for what others joined already."""
    if order.state not in CONFIRMABLE:
        return "twice"
    lines = await OrderLine.filter(order_id=order.id).select_related("activity").order_by("id")
    if order.kind == OrderKind.MEMBERSHIP:
        if order.state == OrderState.RELEASED and any(line.activity.closes < now.date() for line in lines):
            return "late"
        pairs = {(line.child_id, line.activity_id) for line in lines}
        return "member" if pairs <= await _members(lines) else None
    if order.state == OrderState.HELD:
        return None
    return await _again(order, lines, owed, now)


async def confirm(order: Order, now: datetime, actor: str) -> bool:
    """Held → confirmed: places become bookings, cancellations take effect, the ledger says what it cost.

    A released one whose places were taken again goes the same way: it is never held twice, for another may be.
    """
    if order.state not in CONFIRMABLE:
        return False
    if await Order.filter(id=order.id, state=order.state).update(state=OrderState.CONFIRMED) != 1:
        return False
    lines = await OrderLine.filter(order_id=order.id).select_related("activity").order_by("id")
    was = BookingState.HELD if order.state == OrderState.HELD else BookingState.RELEASED
    await Booking.filter(order_id=order.id, state=was).update(
        state=BookingState.CONFIRMED, changed_at=now, billed=True
    )
    cancelled = await _cancel([line for line in lines if line.action == LineAction.CANCEL], now)
    joined = await _join([line for line in lines if line.action == LineAction.MEMBERSHIP], order, now)
    revenue: Counter[str] = Counter()
    for line in lines:
        if line.action == LineAction.ADD or line.id in cancelled or line.id in joined:
            revenue[line.activity.code] += line.cents
    family_account = FamilyAccount(order.family_id, order.till_id)
    if order.credit and order.due and order.state == OrderState.HELD:  # released: it is on the account again
        await ledger.post(postings.credit_used(family_account, order.id, order.credit), at=now, actor=actor)
    sale = postings.sold(family_account, order.id, revenue, _label(order, lines))
    if sale:
        await ledger.post(sale, at=now, actor=actor)
    await Waiting.filter(booking__order_id=order.id, state=WaitingState.OFFERED).update(
        state=WaitingState.SERVED
    )
    await CartLine.filter(order_id=order.id).delete()
    return True


async def release(order: Order, now: datetime, actor: str) -> bool:
    """Held → released: places are free again, the ticks are a draft again, nothing is owed."""
    if await Order.filter(id=order.id, state=OrderState.HELD).update(state=OrderState.RELEASED) != 1:
        return False
    offered = set(
        await Waiting.filter(booking__order_id=order.id, state=WaitingState.OFFERED).values_list(
            "booking_id", flat=True
        )
    )
    held = await Booking.filter(order_id=order.id, state=BookingState.HELD).values_list("id", "opening_id")
    freed = [opening for booking, opening in held if booking not in offered]
    await Booking.filter(order_id=order.id, state=BookingState.HELD, id__in=list(offered)).update(
        state=BookingState.OFFERED, order_id=None
    )
    await Booking.filter(order_id=order.id, state=BookingState.HELD).update(
        state=BookingState.RELEASED, changed_at=now, billed=False
    )
    await free_places(freed)
    if order.credit and order.due:
        family_account = FamilyAccount(order.family_id, order.till_id)
        await ledger.post(postings.credit_freed(family_account, order.id, order.credit), at=now, actor=actor)
    await CartLine.filter(order_id=order.id).update(order_id=None)
    return True


async def _again(order: Order, lines: list[OrderLine], owed: int, now: datetime) -> Why | None:
    """Take the places of a released order again, all or none. What stands in the way, or None."""
    household, days = await Household.read(order.family_id), [line.day for line in lines if line.day]
    children = sorted({line.child_id for line in lines})
    slots = sorted({line.slot_id for line in lines if line.slot_id})
    facts = await PlanningFacts.read(
        await current_catalogue(), household, now, children, slots, min(days), max(days)
    )
    back = {row.id: row for row in await Booking.filter(id__in=[line.booking_id for line in lines])}
    for line in lines:
        why = _stands_in_the_way(facts, line, back, now)
        if why:
            return why
    if not still_covers(order.credit, owed):
        return "short"
    added = [back[line.booking_id] for line in lines if line.action == LineAction.ADD and line.booking_id]
    taken: list[int] = []
    for opening in sorted(row.opening_id for row in added if row.state == BookingState.RELEASED):
        if not await Opening.take(opening):
            await Opening.give_back(taken)
            return "full"
        taken.append(opening)
    offered = {row.id for row in added if row.state == BookingState.OFFERED}
    for line in lines:
        if line.booking_id in offered:  # another order may have held it meanwhile, at another price
            paid = {"cents": line.cents, "reason": line.reason, "tariff_id": line.tariff_id}
            await Booking.filter(id=line.booking_id).update(
                state=BookingState.RELEASED, order_id=order.id, **paid
            )
        # the same wishes may be a draft again
        await CartLine.filter(
            family_id=order.family_id,
            child_id=line.child_id,
            slot_id=line.slot_id,
            day=line.day,
            order_id=None,
        ).delete()
    return None


def _stands_in_the_way(
    facts: PlanningFacts, line: OrderLine, back: dict[int, Booking], now: datetime
) -> Why | None:
    """Decided by the very cell that the family sees."""
    child, row = facts.household.child(line.child_id), back.get(line.booking_id or 0)
    if child is None or line.slot_id is None or line.day is None or row is None:
        return "late"
    cell_facts, adds = facts.of_cell(child, line.slot_id, line.day), line.action == LineAction.ADD
    why = hindrance(cell_facts, adds, now)
    if why:
        return why
    if adds and row.state == BookingState.RELEASED:
        if cell_facts.booked and cell_facts.booked.state == BookingState.OFFERED:
            return "full"  # its place went; another one is kept for the family, who did not pay for that one
        group = facts.group(child, facts.catalogue.activity_of(line.slot_id), line.day)
        places = facts.places.get((line.slot_id, group or 0, line.day))
        return None if places and places.opening == row.opening_id else "late"  # it changed groups
    return None if cell_facts.booked and cell_facts.booked.id == row.id else "taken"


async def _cancel(lines: list[OrderLine], now: datetime) -> set[int]:
    """Ids of the lines that took effect: a booking that changed meanwhile gives no credit."""
    done, freed = set(), []
    for line in lines:
        if line.booking_id and await Booking.move(
            line.booking_id, BookingState.CONFIRMED, BookingState.CANCELLED, changed_at=now, billed=False
        ):
            done.add(line.id)
            freed.append((await Booking.get(id=line.booking_id)).opening_id)
    await free_places(freed)
    return done


async def _members(lines: list[OrderLine]) -> set[tuple[int, int]]:
    """Who has the membership already, whichever home paid it."""
    there = Membership.filter(
        child_id__in=[line.child_id for line in lines], activity_id__in=[line.activity_id for line in lines]
    )
    return set(await there.values_list("child_id", "activity_id"))


async def _join(lines: list[OrderLine], order: Order, now: datetime) -> set[int]:
    """Ids of the lines that made a membership; one that exists already is void, its money a credit."""
    before, done = await _members(lines), set()
    for line in lines:
        if (line.child_id, line.activity_id) in before:
            await OrderLine.filter(id=line.id).update(action=LineAction.VOID)
            continue
        await Membership.create(
            child_id=line.child_id,
            activity_id=line.activity_id,
            family_id=order.family_id,
            cents=line.cents,
            paid_at=now,
        )
        await open_to_its_homes(line.child_id, line.activity_id, order.family_id)
        done.add(line.id)
    return done


async def open_to_its_homes(child: int, activity: int, payer: int) -> None:
    """A membership opens the activity to both homes of a child, but where the mairie alone enrols."""
    online = await Activity.exists(id=activity, enrolment="online")
    homes = {payer} | (await Home.families([child]) if online else set())
    for family in sorted(homes):
        await enrol(child, activity, family)


async def enrol(child: int, activity: int, family: int) -> None:
    """The child joins the group of its class, for the whole of the activity."""
    facts = (await current_catalogue()).activities[activity]
    schooling = await Schooling.filter(child_id=child, year_id=facts.year).select_related("school").first()
    group = facts.group_for(schooling.level, schooling.school.code) if schooling else None
    if group is None:
        return
    new = Enrolment(
        child_id=child,
        family_id=family,
        activity_id=activity,
        group_id=group.id,
        start=facts.timetable.opens,
        end=facts.timetable.closes,
    )
    await Enrolment.bulk_create([new], ignore_conflicts=True)
    await book_by_default([new])


def _label(order: Order, lines: list[OrderLine]) -> str:
    added = sum(line.action == LineAction.ADD for line in lines)
    cancelled = sum(line.action == LineAction.CANCEL for line in lines)
    if order.kind == OrderKind.MEMBERSHIP:
        return "Adhésion" if len(lines) == 1 else f"{len(lines)} adhésions"
    said = [f"{added} réservation{'s' * (added > 1)}"] * bool(added)
    said += [f"{cancelled} annulation{'s' * (cancelled > 1)}"] * bool(cancelled)
    return ", ".join(said)
