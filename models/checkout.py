"""The click on « Payer » or « Terminer »: one transaction checks everything again, takes the places, makes the orders.

Prepaid lines are held until the bank answers; the others take effect at once. The same click sent twice is one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from tortoise.exceptions import IntegrityError

from models import banks, fulfilment, ledger, recap
from models.booking import Booking
from models.cart import CartLine
from models.catalogue import Catalogue
from models.commune import Commune
from models.database import retrying, transaction
from models.event import Event
from models.family import Family
from models.household import Household
from models.opening import Opening
from models.order import Order, OrderLine
from models.payment import Payment
from models.recap import Recap, RecapLine
from models.request import Request
from models.rules import accounts
from models.rules.accounts import Purse
from models.rules.checkout import Bill, membership
from models.task import Task
from models.waiting import Waiting


TRIES_AN_HOUR = 5


class Stale(Exception):
    """What was shown is not true any more (a price, a deadline, a place): nothing was taken, show the recap again."""


class AlreadyPaying(Exception):
    """An order of this till is being paid, perhaps on another device."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.id)
        self.order = order


class TooManyTries(Exception):
    """Five attempts of this family failed within the hour: somebody may be trying stolen cards."""


class NothingToJoin(Exception):
    """No child was chosen, or all those chosen are members already."""


@dataclass(frozen=True, slots=True)
class Receipt:
    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]  # one per till that the bank must answer for, in turn


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicked, when, and the form's nonce."""

    family: int
    nonce: str
    now: datetime
    by: int | None

    @property
    def actor(self) -> str:
        return f"guardian:{self.by}" if self.by else "clock"


async def commit(
    catalogue: Catalogue, family: int, now: datetime, click: str, seen: str, by: int | None = None
) -> Receipt:
    """Validate the cart as the recap showed it. Raises Stale, AlreadyPaying."""
    clicked = Click(family, click, now, by)
    people = await Household.read(family)
    try:
        return await retrying(lambda: _commit(catalogue, people, clicked, seen))
    except IntegrityError as exc:  # the other household booked the same day in between
        raise Stale from exc


async def _commit(catalogue: Catalogue, people: Household, click: Click, seen: str) -> Receipt:
    async with transaction():
        await Family.lock(click.family)
        before = await _receipt(click)
        if before.orders:
            return before
        shown = await recap.of(catalogue, people, click.now)
        if shown.seen != seen:
            raise Stale
        prepaid = [block for block in shown.tills if not block.offline]
        await _check_tills(shown, [block.till.id for block in prepaid])
        await CartLine.filter(id__in=[gone.id for gone in shown.gone]).delete()
        held = [line for block in prepaid for line in block.lines if not line.at_once]
        at_once = [line for line in shown.lines if line.at_once]
        await _move_places(held, [line for line in at_once if not line.waits])
        for block in prepaid:
            mine = [line for line in block.lines if not line.at_once]
            if mine:
                await _order(people, click, block.till.id, block.bill, "prepaid", mine)
        for till in dict.fromkeys(line.activity.till for line in at_once):
            mine = [line for line in at_once if line.activity.till == till]
            await _order(people, click, till, _nothing_due(mine), "invoiced", mine)
        return await _receipt(click)


async def _receipt(click: Click) -> Receipt:
    orders = (
        await Order.filter(family_id=click.family, click=click.nonce).select_related("till").order_by("id")
    )
    payments = await Payment.filter(order_id__in=[order.id for order in orders]).order_by("id")
    return Receipt(tuple(orders), tuple(payments))


async def _check_tills(shown: Recap, tills: Sequence[int]) -> None:
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
        if line.action == "add" and not (line.asks or _offered(line)):
            moves[line.opening] += 1
    for line in at_once:
        if line.action == "cancel" and not line.asks and line.opening and _confirmed(line):
            moves[line.opening] -= 1
    for opening, places in sorted(moves.items()):
        if places < 0:
            await Opening.give_back([opening] * -places)
        for _ in range(places):
            if not await Opening.take(opening):
                raise Stale  # the last place went between the page and the click
    for opening in sorted(opening for opening, places in moves.items() if places < 0):
        await Task.later("promote", opening)


async def _order(
    people: Household, click: Click, till: int, bill: Bill, kind: str, lines: Sequence[RecapLine]
) -> Order:
    order = await Order.create(
        family_id=click.family,
        till_id=till,
        made_by_id=click.by,
        kind=kind,
        state="confirmed" if kind == "invoiced" else "held",  # one held order per till: only it awaits a bank
        click=click.nonce,
        net=bill.net,
        debt=bill.debt,
        credit=bill.credit,
        due=bill.due,
        made_at=click.now,
        hold_until=click.now + timedelta(minutes=await _hold_minutes()),
    )
    await _book(people, click, order, lines)
    await _cancel(click, order, lines)
    await Event.note(
        click.now, click.actor, "order.made", f"order:{order.id}", click.family, net=bill.net, due=bill.due,
        lines=[f"{'+' if line.action == 'add' else '-'}{line.child.id}-{line.slot}-{line.day}" for line in lines],
    )  # fmt: skip
    await _settle(click, order, kind)
    return order


async def _hold_minutes() -> int:
    commune = await Commune.all().first()
    return commune.hold_minutes if commune else 25


async def _settle(click: Click, order: Order, kind: str) -> None:
    """Confirm at once what needs no bank; else set the credit aside and prepare the attempt."""
    if kind == "invoiced":  # or a request, or a rank: nothing in the ledger yet
        await CartLine.filter(order_id=order.id).delete()
        await Task.later("write_confirmation", order.id, key=f"confirmation:{order.id}")
    elif not order.due:
        await fulfilment.confirm(order, click.now, click.actor)
        await Task.later("write_confirmation", order.id, key=f"confirmation:{order.id}")
    else:
        if order.credit:
            purse = Purse(order.family_id, order.till_id)
            held = accounts.credit_held(purse, order.id, order.credit)
            await ledger.post(held, at=click.now, actor=click.actor)
        await _attempt(click, order)


async def _attempt(click: Click, order: Order) -> None:
    till = await order.till
    provider = banks.provider_of(till)
    if provider is None:
        raise Stale
    failed = Payment.filter(family_id=click.family, state__in=("refused", "cancelled", "expired"))
    if await failed.filter(made_at__gt=click.now - timedelta(hours=1)).count() >= TRIES_AN_HOUR:
        raise TooManyTries
    payment = await Payment.create(
        order_id=order.id,
        family_id=order.family_id,
        till_id=order.till_id,
        started_by_id=click.by,
        provider=provider,
        reference=token_hex(9).upper(),
        cents=order.due,
        made_at=click.now,
    )
    await Task.later(
        "poll_bank", payment.id, key=f"poll:{payment.id}:0", after=banks.bank(provider).first_poll
    )


async def _book(people: Household, click: Click, order: Order, lines: Sequence[RecapLine]) -> None:
    """The bookings of the lines added: held, confirmed at once, requested or waiting."""
    added = [line for line in lines if line.action == "add" and not _offered(line)]
    await Booking.bulk_create([_booking(people, click, order, line) for line in added])
    made = await Booking.filter(order_id=order.id)
    ids = {(b.child_id, b.slot_id, b.day): b for b in made}
    for line in lines:
        if line.action == "add" and line.booked and _offered(line):
            await Booking.move(
                line.booked.id, "offered", "held", order_id=order.id, cents=line.cents, changed_at=click.now
            )
            ids[line.child.id, line.slot, line.day] = await Booking.get(id=line.booked.id)
    await OrderLine.bulk_create([_order_line(order, line, ids) for line in lines if not line.waits])
    for line in added:
        booking = ids[line.child.id, line.slot, line.day]
        if booking.state == "requested":
            await Request.create(
                family_id=click.family, booking_id=booking.id, kind="book", made_at=click.now
            )
        elif booking.state == "waiting":
            await Waiting.create(booking_id=booking.id, opening_id=booking.opening_id, since=click.now)
            await Task.later("write_waiting", booking.id, "ranked", key=f"ranked:{booking.id}")
    now_held = [line.id for line in lines if not line.waits]
    await CartLine.filter(id__in=now_held).update(order_id=order.id)
    await CartLine.filter(id__in=[line.id for line in lines if line.waits]).delete()


def _booking(people: Household, click: Click, order: Order, line: RecapLine) -> Booking:
    enrolment = people.enrolment(line.child.id, line.activity.id)
    if enrolment is None or line.opening is None:
        raise Stale
    if line.waits:
        state = "waiting"
    elif line.asks:
        state = "requested"
    else:
        state = "held" if order.kind == "prepaid" else "confirmed"
    return Booking(
        child_id=line.child.id,
        family_id=click.family,
        enrolment_id=enrolment.id,
        slot_id=line.slot,
        opening_id=line.opening,
        order_id=order.id,
        day=line.day,
        state=state,
        cents=line.cents,
        reason=line.reason[:200],
        made_at=click.now,
        changed_at=click.now,
    )


def _order_line(order: Order, line: RecapLine, made: dict[tuple[int, int, date], Booking]) -> OrderLine:
    added = made.get((line.child.id, line.slot, line.day))
    booking = added.id if line.action == "add" and added else line.booked.id if line.booked else None
    return OrderLine(
        order_id=order.id,
        child_id=line.child.id,
        activity_id=line.activity.id,
        slot_id=line.slot,
        action=line.action,
        day=line.day,
        booking_id=booking,
        cents=line.cents,
        reason=line.reason[:200],
    )


async def _cancel(click: Click, order: Order, lines: Sequence[RecapLine]) -> None:
    """Cancellations that take effect at the click; prepaid ones wait for their order's confirmation."""
    for line in lines:
        if line.action != "cancel" or line.booked is None:
            continue
        booking = line.booked
        if booking.state == "requested":
            await Request.filter(booking_id=booking.id, state="pending").update(
                state="withdrawn", answered_at=click.now
            )
            await Booking.move(booking.id, "requested", "cancelled", changed_at=click.now, billed=False)
        elif booking.state == "waiting":
            await Waiting.filter(booking_id=booking.id, state="waiting").update(state="left")
            await Booking.move(booking.id, "waiting", "cancelled", changed_at=click.now, billed=False)
        elif line.asks:
            await Request.create(
                family_id=click.family, booking_id=booking.id, kind="cancel", made_at=click.now
            )
        elif order.kind == "invoiced":
            await Booking.move(
                booking.id, "confirmed", "cancelled", changed_at=click.now, billed=line.billed_late
            )


def _offered(line: RecapLine) -> bool:
    return line.booked is not None and line.booked.state == "offered"


def _confirmed(line: RecapLine) -> bool:
    return line.booked is not None and line.booked.state == "confirmed"


def _nothing_due(lines: Sequence[RecapLine]) -> Bill:
    return Bill(sum(line.sum for line in lines), 0, 0, 0, 0, 0)


async def join(
    catalogue: Catalogue,
    family: int,
    pairs: Sequence[tuple[int, int]],
    now: datetime,
    click: str,
    by: int | None = None,
) -> Receipt:
    """Pay memberships: one order per till, held until the bank answers. Raises NothingToJoin, AlreadyPaying.

    A pair is (child, activity); those that are members already, or cannot join, are left out.
    """
    clicked = Click(family, click, now, by)
    people = await Household.read(family)
    wanted = joinable(catalogue, people, pairs)
    if not wanted:
        raise NothingToJoin
    return await retrying(lambda: _join(catalogue, clicked, wanted))


def joinable(
    catalogue: Catalogue, people: Household, pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    found = []
    for child, activity in dict.fromkeys(pairs):
        facts, wanted = people.child(child), catalogue.activities.get(activity)
        if not facts or not wanted or wanted.membership_fee is None or (child, activity) in people.members:
            continue
        if people.enrolment(child, activity) or people.could_join(facts, wanted) is not None:
            found.append((child, activity))
    return found


async def _join(catalogue: Catalogue, click: Click, wanted: Sequence[tuple[int, int]]) -> Receipt:
    async with transaction():
        await Family.lock(click.family)
        before = await _receipt(click)
        if before.orders:
            return before
        for till in dict.fromkeys(catalogue.activities[activity].till for _, activity in wanted):
            paying = await Order.filter(family_id=click.family, till_id=till, state="held").first()
            if paying:
                raise AlreadyPaying(paying)
            mine = [pair for pair in wanted if catalogue.activities[pair[1]].till == till]
            fees = [
                (child, activity, catalogue.activities[activity].membership_fee or 0)
                for child, activity in mine
            ]
            await _membership_order(click, till, fees)
        return await _receipt(click)


async def _membership_order(click: Click, till: int, fees: Sequence[tuple[int, int, int]]) -> None:
    bill = membership(sum(fee for _, _, fee in fees))
    order = await Order.create(
        family_id=click.family,
        till_id=till,
        made_by_id=click.by,
        kind="membership",
        state="held",
        click=click.nonce,
        net=bill.net,
        due=bill.due,
        made_at=click.now,
        hold_until=click.now + timedelta(minutes=await _hold_minutes()),
    )
    for child, activity, fee in fees:
        await OrderLine.create(
            order_id=order.id,
            child_id=child,
            activity_id=activity,
            action="membership",
            cents=fee,
            reason="Adhésion",
        )
    await Event.note(
        click.now, click.actor, "membership.asked", f"order:{order.id}", click.family, due=bill.due
    )
    await _settle(click, order, "membership")


async def clear(family: int) -> int:
    """« Tout supprimer »: empty the draft, except what is being paid. Returns how many lines went."""
    return await CartLine.filter(family_id=family, order_id=None).delete()


async def drop(family: int, line: int) -> bool:
    """Remove one line of the draft; false when it is not there, or being paid."""
    return await CartLine.filter(id=line, family_id=family, order_id=None).delete() == 1


async def expire_holds(now: datetime) -> int:
    """Orders whose hold ended: ask the bank once more, then free the places. Returns how many were released."""
    over = await Order.filter(state="held", hold_until__lt=now).values_list("id", flat=True)
    released = 0
    for id in over:
        for payment in await Payment.filter(order_id=id, state__in=("created", "redirected")):
            await payment.expire(now)
        async with transaction():
            order = await Order.get(id=id)
            await Family.lock(order.family_id)
            released += await fulfilment.release(order, now, "clock")
    return released
