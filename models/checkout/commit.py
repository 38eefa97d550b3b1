"""The click on « Payer » or « Terminer »: one transaction checks everything again, takes the places, makes the orders.

Prepaid lines are held until the bank answers; the others take effect at once. The same click sent twice is one.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tortoise.exceptions import IntegrityError

from models.activities.catalogue import Catalogue
from models.activities.opening import Opening
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting
from models.checkout import fulfilment, recap, settlement
from models.checkout.recap import Recap, RecapLine
from models.checkout.submission import (
    AlreadyPaying,
    Placed,
    Stale,
    Submission,
    confirm_or_charge,
    hold_minutes,
    placed,
)
from models.families.family import Family
from models.families.household import Household
from models.money.payment import Payment
from models.rules.booking import BookingState, Does, WaitingState
from models.rules.checkout import Bill
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.rules.states.payments import OPEN
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import retrying, transaction
from models.work.audit_log import Event

GIVES_BACK = (Does.CANCEL, Does.CANCEL_BILLED)


async def commit(
    catalogue: Catalogue, family: int, now: datetime, click: str, seen: str, by: int | None = None
) -> Placed:
    """Validate the cart as the recap showed it. Raises Stale, AlreadyPaying."""
    clicked = Submission(family, click, now, by)
    household = await Household.read(family)
    try:
        return await retrying(lambda: _commit(catalogue, household, clicked, seen))
    except IntegrityError as exc:  # the other household booked the same day in between
        raise Stale from exc


async def _commit(catalogue: Catalogue, household: Household, click: Submission, seen: str) -> Placed:
    async with transaction():
        await Family.lock(click.family)
        before = await placed(click)
        if before.orders:
            return before
        shown = await recap.of(catalogue, household, click.now)
        if shown.seen != seen:
            raise Stale
        await carry_out(household, click, shown)
        return await placed(click)


async def carry_out(household: Household, click: Submission, shown: Recap) -> None:
    """Do what is shown. Call inside a transaction, after Family.lock. Raises Stale, AlreadyPaying."""
    prepaid = [block for block in shown.tills if not block.offline]
    _check_tills(shown, [block.till.id for block in prepaid if not all(line.at_once for line in block.lines)])
    await CartLine.filter(id__in=[line.id for line in (*shown.gone, *shown.late)]).delete()
    held = [line for block in prepaid for line in block.lines if not line.at_once]
    at_once = [line for line in shown.lines if line.at_once]
    await _move_places(held, [line for line in at_once if not line.waits])
    for block in prepaid:
        mine = [line for line in block.lines if not line.at_once]
        if mine:
            await _order(household, click, block.till.id, block.bill, OrderKind.PREPAID, mine)
    for till in dict.fromkeys(line.activity.till for line in at_once):
        mine = [line for line in at_once if line.activity.till == till]
        await _order(household, click, till, _nothing_due(mine), OrderKind.INVOICED, mine)


def _check_tills(shown: Recap, tills: Sequence[int]) -> None:
    """`tills`: those where something is to be held. What takes effect at the click waits for no payment."""
    if shown.empty:
        raise Stale
    for order in shown.paying:
        if order.till_id in tills:
            raise AlreadyPaying(order)


async def _move_places(held: Sequence[RecapLine], at_once: Sequence[RecapLine]) -> None:
    """Take and free places in one walk by opening's id, so that no two carts wait for each other."""
    moves: Counter[int] = Counter()
    for line in (*held, *at_once):
        if line.opening is None:
            raise Stale
        if line.does.kind is Does.ADD and not line.takes_offer:
            moves[line.opening] += 1
    given_back = [line.booked.id for line in at_once if line.booked and line.does.kind in GIVES_BACK]
    for row in await Booking.filter(id__in=given_back):
        moves[row.opening_id] -= 1  # its own: the child may have spent that day in another group
    for opening, places in sorted(moves.items()):
        if places < 0:
            await waiting_list.free_places([opening] * -places)
        for _ in range(places):
            if not await Opening.take(opening):
                raise Stale  # the last place went between the page and the click


async def _order(
    household: Household,
    click: Submission,
    till: int,
    bill: Bill,
    kind: OrderKind,
    lines: Sequence[RecapLine],
) -> Order:
    """Held until the bank answers (one per till: only it awaits a bank), or confirmed at once."""
    order = await Order.create(
        family_id=click.family,
        till_id=till,
        made_by_id=click.by,
        kind=kind,
        state=OrderState.CONFIRMED if kind == OrderKind.INVOICED else OrderState.HELD,
        click=click.nonce,
        net=bill.net,
        debt=bill.debt,
        credit=bill.credit,
        due=bill.due,
        made_at=click.now,
        hold_until=click.now + timedelta(minutes=await hold_minutes()),
    )
    await _book(household, click, order, lines)
    await _cancel(click, order, lines)
    await Event.note(
        click.now, click.actor, "order.made", f"order:{order.id}", click.family,
        net=bill.net, debt=bill.debt, credit=bill.credit, due=bill.due,
        lines=[
            f"{'+' if line.action == LineAction.ADD else '-'}{line.child.id}-{line.slot}-{line.day}" for line in lines
        ],
    )  # fmt: skip
    await confirm_or_charge(click, order)
    return order


async def _book(household: Household, click: Submission, order: Order, lines: Sequence[RecapLine]) -> None:
    """The bookings of the lines added: held, confirmed at once, requested or waiting."""
    added = [line for line in lines if line.action == LineAction.ADD and not line.takes_offer]
    await Booking.bulk_create([_booking(household, click, order, line) for line in added])
    made = await Booking.filter(order_id=order.id)
    ids = {(b.child_id, b.slot_id, b.day): b for b in made}
    for line in lines:
        if line.booked and line.takes_offer:
            await Booking.move(
                line.booked.id,
                BookingState.OFFERED,
                BookingState.HELD,
                order_id=order.id,
                changed_at=click.now,
                **_price(line),
            )
            ids[line.child.id, line.slot, line.day] = await Booking.get(id=line.booked.id)
    await OrderLine.bulk_create([_order_line(order, line, ids) for line in lines if not line.waits])
    for line in added:
        booking = ids[line.child.id, line.slot, line.day]
        if booking.state == BookingState.REQUESTED:
            await FamilyRequest.ask(RequestKind.BOOKING, click.family, booking.id, click.now)
        elif booking.state == BookingState.WAITING:
            await Waiting.create(booking_id=booking.id, opening_id=booking.opening_id, since=click.now)
    now_held = [line.id for line in lines if not line.waits]
    await CartLine.filter(id__in=now_held).update(order_id=order.id)
    await CartLine.filter(id__in=[line.id for line in lines if line.waits]).delete()


def _booking(household: Household, click: Submission, order: Order, line: RecapLine) -> Booking:
    enrolment = household.enrolment(line.child.id, line.activity.id)
    if enrolment is None or line.opening is None:
        raise Stale
    if line.waits:
        state = BookingState.WAITING
    elif line.asks:
        state = BookingState.REQUESTED
    else:
        state = BookingState.HELD if order.kind == OrderKind.PREPAID else BookingState.CONFIRMED
    return Booking(
        child_id=line.child.id,
        family_id=click.family,
        enrolment_id=enrolment.id,
        slot_id=line.slot,
        opening_id=line.opening,
        order_id=order.id,
        day=line.day,
        state=state,
        **_price(line),
        late=line.late,
        made_at=click.now,
        changed_at=click.now,
    )


def _order_line(order: Order, line: RecapLine, made: dict[tuple[int, int, date], Booking]) -> OrderLine:
    added = made.get((line.child.id, line.slot, line.day))
    booking = added.id if line.action == LineAction.ADD and added else line.booked.id if line.booked else None
    return OrderLine(
        order_id=order.id,
        child_id=line.child.id,
        activity_id=line.activity.id,
        slot_id=line.slot,
        action=line.action,
        day=line.day,
        booking_id=booking,
        **_price(line),
    )


def _price(line: RecapLine) -> dict[str, Any]:
    """What the day costs, why, and by which tariff: they are kept together."""
    return {"cents": line.cents, "reason": line.reason, "tariff_id": line.tariff}


async def _cancel(click: Submission, order: Order, lines: Sequence[RecapLine]) -> None:
    """Cancellations that take effect at the click; prepaid ones wait for their order's confirmation."""
    for line in lines:
        if line.action != LineAction.CANCEL or line.booked is None:
            continue
        booking = line.booked
        if booking.state == BookingState.REQUESTED:
            await FamilyRequest.filter(booking_id=booking.id, state=RequestState.PENDING).update(
                state=RequestState.WITHDRAWN, answered_at=click.now
            )
            await Booking.move(
                booking.id, BookingState.REQUESTED, BookingState.CANCELLED, changed_at=click.now, billed=False
            )
        elif booking.state == BookingState.WAITING:
            await Waiting.filter(booking_id=booking.id, state=WaitingState.WAITING).update(
                state=WaitingState.LEFT
            )
            await Booking.move(
                booking.id, BookingState.WAITING, BookingState.CANCELLED, changed_at=click.now, billed=False
            )
        elif booking.state == BookingState.OFFERED:
            await waiting_list.decline(booking.id, click.family, click.now, click.by)
        elif line.asks:
            await FamilyRequest.ask(RequestKind.CANCELLATION, click.family, booking.id, click.now)
        elif order.kind == OrderKind.INVOICED:
            await Booking.move(
                booking.id,
                BookingState.CONFIRMED,
                BookingState.CANCELLED,
                changed_at=click.now,
                billed=line.does.kind is Does.CANCEL_BILLED,
            )


def _nothing_due(lines: Sequence[RecapLine]) -> Bill:
    return Bill(sum(line.sum for line in lines), 0, 0, 0, 0, 0)


async def clear(family: int) -> int:
    """« Tout supprimer »: empty the draft, except what is being paid. Returns how many lines went."""
    return await CartLine.filter(family_id=family, order_id=None).delete()


async def drop(family: int, line: int) -> bool:
    """Remove one line of the draft; false when it is not there, or being paid."""
    return await CartLine.filter(id=line, family_id=family, order_id=None).delete() == 1


async def expire_holds(now: datetime) -> int:
    """Orders whose hold ended: ask the bank once more, then free the places. Returns how many were released."""
    over = await Order.filter(state=OrderState.HELD, hold_until__lt=now).values_list("id", flat=True)
    released = 0
    for id in over:
        for payment in await Payment.filter(order_id=id, state__in=OPEN):
            await settlement.expire(payment, now)
        async with transaction():
            order = await Order.get(id=id)
            await Family.lock(order.family_id)
            released += await fulfilment.release(order, now, "clock")
    return released
