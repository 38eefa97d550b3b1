"""A new attempt, after a refusal, for the very lines that were not paid."""

from datetime import datetime

from models.activities.catalogue import Catalogue
from models.bookings.order import Order, OrderLine
from models.checkout import amounts_due, commit, memberships, recap
from models.checkout.recap import Recap
from models.checkout.submission import Placed, Stale
from models.money.payment import Payment
from models.rules.states.orders import OrderKind
from models.rules.states.payments import OPEN


async def retry(catalogue: Catalogue, payment: Payment, now: datetime, by: int | None = None) -> Payment:
    """The attempt to go on with; asked again, the same one. Raises Stale when the draft is not the same any more,
    and what the click itself raises: AlreadyPaying, TooManyTries, NothingToJoin, Paying, TooLittle."""
    if payment.order_id is None:
        return await amounts_due.again(payment, now, by)
    made = await _validated(catalogue, payment, now, by)
    fresh = next((one for one in made.payments if one.state in OPEN), None)
    if fresh is None:
        raise Stale
    return fresh


async def _validated(catalogue: Catalogue, payment: Payment, now: datetime, by: int | None) -> Placed:
    order, family, click = (
        await Order.get_or_none(id=payment.order_id),
        payment.family_id,
        f"retry-{payment.id}",
    )
    if order is None:
        raise Stale
    lines = await OrderLine.filter(order_id=order.id)
    if order.kind == OrderKind.MEMBERSHIP:
        pairs = [(line.child_id, line.activity_id) for line in lines]
        return await memberships.join(catalogue, family, pairs, now, click, by)
    if await Order.exists(family_id=family, click=click):
        return await commit.commit(catalogue, family, now, click, "", by)
    shown = await recap.read(catalogue, family, now)
    if not _same(shown, lines, payment.cents):
        raise Stale
    return await commit.commit(catalogue, family, now, click, shown.seen, by)


def _same(shown: Recap, lines: list[OrderLine], cents: int) -> bool:
    wanted = {(line.child_id, line.slot_id, line.day, line.action, line.cents) for line in lines}
    found = {(line.child.id, line.slot, line.day, line.action, line.cents) for line in shown.lines}
    return found == wanted and shown.due == cents and not any(line.waits for line in shown.lines)
