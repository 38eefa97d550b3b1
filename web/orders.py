"""What several pages tell of orders: what one click booked, asked or cancelled, how a till is named."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models.bookings.booking import Booking
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import ranks
from models.commune.till import Till
from models.money.payment import BankAway, NotStarted
from models.rules.deadlines import PARIS

AWAY = (
    "Le site de paiement ne répond pas. Rien n’a été débité et vos modifications sont gardées. "
    "Réessayez dans quelques minutes."
)
FAULT = (
    "Le portail n’a pas pu ouvrir la page de paiement\u00a0: l’erreur vient de nous, et la mairie en est prévenue. "
    "Rien n’a été débité et vos modifications sont gardées. Réessayez plus tard, ou appelez la mairie."
)

DONE = {
    "requested": "demande envoyée",
    "waiting": "liste d’attente",
    "held": "en cours de paiement",
    "released": "non payée, non prise en compte",
    "cancelled": "annulée depuis",
    "refused": "refusée par la mairie",
}
CREDITED = "portée à votre avoir"
PAYING = "Un paiement est déjà en cours. Terminez-le ou annulez-le avant d’en commencer un autre."
TOO_MANY = (
    "Trop d’essais de paiement. Aucun autre n’a été commencé et vos modifications sont gardées. "
    "Réessayez dans une heure, ou appelez la mairie."
)


@dataclass(frozen=True, slots=True)
class Item:
    child: str
    name: str
    activity: str
    day: date | None
    cents: int
    tag: str
    invoiced: bool  # booked, and on the month's invoice
    opens: date  # where the planning shows it
    order: tuple[int, date, int]


@dataclass(frozen=True, slots=True)
class Done:
    orders: tuple[Order, ...]
    items: tuple[Item, ...]
    first_child: int | None
    first_day: date | None  # of the planning that shows it

    @property
    def children(self) -> list[tuple[str, list[Item]]]:
        return [(name, list(items)) for name, items in groupby(self.items, key=lambda item: item.child)]

    @property
    def invoiced(self) -> bool:
        """Does a month's invoice follow? Not of what is asked, waits or was cancelled."""
        return any(item.invoiced for item in self.items)

    @property
    def asked(self) -> int:
        return sum(item.tag.startswith("demande") for item in self.items)

    @property
    def waits(self) -> int:
        return sum(item.tag.startswith(DONE["waiting"]) for item in self.items)

    @property
    def credit(self) -> int:
        """What prepaid cancellations gave back, beyond what was bought."""
        return sum(max(0, -order.net) for order in self.orders if order.kind == "prepaid")

    @property
    def used(self) -> int:
        """Of the family's credit."""
        return sum(order.credit for order in self.orders)

    @property
    def postponed(self) -> int:
        """What goes with the next payment."""
        return sum(_postponed(order) for order in self.orders)

    @property
    def back(self) -> str:
        if self.first_child is None or self.first_day is None:
            return "/planning"
        return f"/planning?par=enfant&id={self.first_child}&debut={self.first_day.isoformat()}"


def not_started(exc: NotStarted) -> str:
    """Why nobody was led to the bank."""
    return AWAY if isinstance(exc, BankAway) else FAULT


def the_till(till: Till) -> str:
    """« la régie scolaire »: most are called « Régie … » already."""
    first, _, rest = till.name.partition(" ")
    return f"la régie {rest}" if first.lower() == "régie" and rest else f"la régie {till.name}"


async def of_click(family: int, click: str) -> Done | None:
    """None when this family made no such click."""
    orders = await Order.filter(family_id=family, click=click).order_by("id")
    return await told(orders) if orders else None


async def told(orders: list[Order], *, credited: bool = False) -> Done:
    """`credited`: what was paid for them is a credit, whatever else became of the days."""
    ids = [order.id for order in orders]
    lines = await OrderLine.filter(order_id__in=ids).select_related("child", "activity", "slot")
    waiting = await Booking.filter(order_id__in=ids, state="waiting").select_related(
        "child", "slot__activity"
    )
    states = dict(
        await Booking.filter(id__in=[line.booking_id for line in lines if line.booking_id]).values_list(
            "id", "state"
        )
    )
    of = {order.id: order for order in orders}
    tags = [
        CREDITED if credited else _tag(line, of[line.order_id], states.get(line.booking_id or 0, ""))
        for line in lines
    ]
    items = [
        _item(line, of[line.order_id], states.get(line.booking_id or 0, ""), tag)
        for line, tag in zip(lines, tags, strict=True)
    ]
    places = await ranks([booking.id for booking in waiting])
    items += [_waiting(booking, places[booking.id]) for booking in waiting if booking.id in places]
    items.sort(key=lambda item: item.order)
    first = items[0] if items else None
    return Done(
        tuple(orders), tuple(items), first.order[0] if first else None, first.opens if first else None
    )


def _item(line: OrderLine, order: Order, state: str, tag: str) -> Item:
    slot, day, made = line.slot, line.day, order.made_at.astimezone(PARIS).date()
    return Item(
        child=line.child.first_name,
        name=slot.name if slot else line.activity.name,
        activity=line.activity.name if slot else "Adhésion",
        day=day,
        cents=line.cents,
        tag=tag,
        invoiced=line.action == "add" and state == "confirmed" and line.activity.billing == "invoiced",
        opens=day or max(line.activity.opens, made),
        order=(line.child_id, day or date.min, slot.starts if slot else 0),
    )


def _tag(line: OrderLine, order: Order, state: str) -> str:
    if line.action == "cancel" and state != "cancelled" and order.state != "confirmed":
        return DONE[order.state]  # it takes effect with its payment
    if line.action == "cancel":
        return "annulation" if state == "cancelled" else "demande d’annulation envoyée"
    if line.action == "void":
        return "déjà payée, portée à votre avoir"
    return DONE.get(state, "")


def _waiting(booking: Booking, rank: int) -> Item:
    slot = booking.slot
    return Item(
        child=booking.child.first_name,
        name=slot.name,
        activity=slot.activity.name,
        day=booking.day,
        cents=0,
        tag=f"{DONE['waiting']}, rang {rank}",
        invoiced=False,
        opens=booking.day,
        order=(booking.child_id, booking.day, slot.starts),
    )


def _postponed(order: Order) -> int:
    if order.kind == "invoiced" or order.due or order.net <= 0:
        return 0
    return max(0, order.net + order.debt - order.credit)
