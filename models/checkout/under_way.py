"""Orders being paid, and the attempt to go on with."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.bookings.order import Order
from models.money.payment import Payment
from models.rules.states.payments import OPEN


@dataclass(frozen=True, slots=True)
class UnderWay:
    order: Order
    payment: int | None


async def under_way(orders: Sequence[Order]) -> list[UnderWay]:
    """One query; none without orders."""
    if not orders:
        return []
    attempts = Payment.filter(order_id__in=[order.id for order in orders], state__in=OPEN).order_by("id")
    by_order = {order: id for id, order in await attempts.values_list("id", "order_id")}
    return [UnderWay(order, by_order.get(order.id)) for order in orders]
