"""A prepaid day that is given without a payment: its price is a debt of the till, settled with the next booking."""

from datetime import datetime

from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.money import ledger
from models.rules import postings
from models.rules.checkout import on_account
from models.rules.postings import FamilyAccount
from models.rules.states.orders import LineAction, OrderKind, OrderState
from models.work.audit_log import Event


async def owe(row: Booking, click: str, now: datetime, actor: str) -> Order:
    """The order of this booking, confirmed at once. Its slot and activity are loaded; call inside a transaction that
    holds the family."""
    activity = row.slot.activity
    bill = on_account(row.cents, await ledger.standing(row.family_id, activity.till_id))
    order = await Order.create(
        family_id=row.family_id,
        till_id=activity.till_id,
        kind=OrderKind.PREPAID,
        state=OrderState.CONFIRMED,  # never held: another order of the till may be at the bank
        click=click,
        net=bill.net,
        debt=bill.debt,
        credit=bill.credit,
        made_at=now,
    )
    await add_line(order, row, LineAction.ADD, row.cents)
    family_account = FamilyAccount(row.family_id, activity.till_id)
    sale = postings.sold(family_account, order.id, {activity.code: row.cents}, "1 réservation")
    if sale:
        await ledger.post(sale, at=now, actor=actor)
    await Event.note(
        now, actor, "order.made", f"order:{order.id}", row.family_id,
        net=bill.net, debt=bill.debt, credit=bill.credit, due=bill.due,
        lines=[f"+{row.child_id}-{row.slot_id}-{row.day}"],
    )  # fmt: skip
    return order


async def add_line(order: Order, row: Booking, action: LineAction, cents: int) -> None:
    """The one line of an order that the mairie makes of a booking; its slot is loaded."""
    await OrderLine.create(
        order_id=order.id,
        child_id=row.child_id,
        activity_id=row.slot.activity_id,
        slot_id=row.slot_id,
        action=action,
        day=row.day,
        booking_id=row.id,
        cents=cents,
        reason=row.reason,
        tariff_id=row.tariff_id,
    )
