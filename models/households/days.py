"""Booked days that another household has from now on: given back by one, booked by the other, at the same price.

Prepaid days become an avoir of the one and are owed by the other; invoiced ones leave the one's month for the other's.
The places stay taken. Amounts are cents.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.bookings.booking import Booking
from models.bookings.order import Order
from models.bookings.roll.owing import add_line
from models.families.enrolment import Enrolment
from models.money import ledger
from models.rules import postings
from models.rules.booking import BookingState
from models.rules.checkout import on_account
from models.rules.postings import FamilyAccount
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.work.audit_log import Event


@dataclass(frozen=True, slots=True)
class Desk:
    """Who does it, when, and the one form that it comes from."""

    actor: str
    click: str
    now: datetime


async def coming(family: int, children: Iterable[int], today: date) -> list[Booking]:
    """The days after today that these children have for certain with this family, with slot and activity."""
    mine = Booking.filter(
        family_id=family, child_id__in=list(children), day__gt=today, state=BookingState.CONFIRMED
    )
    return await mine.order_by("day", "id").select_related("slot__activity")


async def give_back(family: int, days: Sequence[Booking], desk: Desk) -> None:
    """Cancelled with what they cost; their places stay taken. Call inside a transaction, after Family.lock."""
    for (till, kind), some in _by_till(days).items():
        order = await _order(family, till, kind, some, LineAction.CANCEL, desk)
        await Booking.filter(id__in=[row.id for row in some]).update(
            state=BookingState.CANCELLED, billed=False, changed_at=desk.now
        )
        await _post(order, some, -1, desk)


async def book(
    family: int,
    days: Sequence[Booking],
    child_of: Mapping[int, int],
    enrolments: Mapping[tuple[int, int], Enrolment],
    desk: Desk,
) -> None:
    """The same days for this family, in the places that they have; prepaid ones are owed, with the avoir that there is.

    `child_of`: a child's row in this family. `enrolments`: by child and activity. As `give_back`, which came before.
    """
    for (till, kind), some in _by_till(days).items():
        made = [await _again(family, row, child_of, enrolments, desk.now) for row in some]
        order = await _order(family, till, kind, made, LineAction.ADD, desk)
        await Booking.filter(id__in=[row.id for row in made]).update(order_id=order.id)
        await _post(order, made, 1, desk)


def _by_till(days: Sequence[Booking]) -> dict[tuple[int, OrderKind], list[Booking]]:
    found: defaultdict[tuple[int, OrderKind], list[Booking]] = defaultdict(list)
    for row in days:
        activity = row.slot.activity
        prepaid = activity.billing == OrderKind.PREPAID
        found[activity.till_id, OrderKind.PREPAID if prepaid else OrderKind.INVOICED].append(row)
    return found


async def _again(
    family: int,
    row: Booking,
    child_of: Mapping[int, int],
    enrolments: Mapping[tuple[int, int], Enrolment],
    now: datetime,
) -> Booking:
    child = child_of[row.child_id]
    made = await Booking.create(
        child_id=child,
        family_id=family,
        enrolment_id=enrolments[child, row.slot.activity_id].id,
        slot_id=row.slot_id,
        opening_id=row.opening_id,
        day=row.day,
        state=BookingState.CONFIRMED,
        cents=row.cents,
        reason=row.reason,
        tariff_id=row.tariff_id,
        late=row.late,
        made_at=now,
        changed_at=now,
    )
    return await Booking.get(id=made.id).select_related("slot__activity")


async def _order(
    family: int, till: int, kind: OrderKind, days: Sequence[Booking], action: LineAction, desk: Desk
) -> Order:
    sign = 1 if action == LineAction.ADD else -1
    net = sign * sum(row.cents for row in days)
    debt = credit = 0
    if kind == OrderKind.PREPAID and net > 0:
        bill = on_account(net, await ledger.standing(family, till))
        debt, credit = bill.debt, bill.credit
    order = await Order.create(
        family_id=family,
        till_id=till,
        kind=kind,
        state=OrderState.CONFIRMED,
        click=desk.click,
        net=net,
        debt=debt,
        credit=credit,
        made_at=desk.now,
    )
    for row in days:
        await add_line(order, row, action, sign * row.cents)
    await Event.note(
        desk.now, desk.actor, "order.made", f"order:{order.id}", family, net=net, debt=debt, credit=credit, due=0,
        lines=[f"{'+' if sign > 0 else '-'}{row.child_id}-{row.slot_id}-{row.day}" for row in days],
    )  # fmt: skip
    return order


async def _post(order: Order, days: Sequence[Booking], sign: int, desk: Desk) -> None:
    if order.kind != OrderKind.PREPAID:
        return
    revenue: Counter[str] = Counter()
    for row in days:
        revenue[row.slot.activity.code] += sign * row.cents
    label = f"{len(days)} {'réservation' if sign > 0 else 'annulation'}{'s' if len(days) > 1 else ''}"
    sale = postings.sold(FamilyAccount(order.family_id, order.till_id), order.id, revenue, label)
    if sale:
        await ledger.post(sale, at=desk.now, actor=desk.actor)
