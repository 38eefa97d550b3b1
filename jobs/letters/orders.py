"""What was validated: bookings made, given back, asked for, and what becomes of the price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jobs.letters import Draft, fit, write
from jobs.letters.french import MONTHS, count
from models.booking import Booking
from models.order import Order, OrderLine
from models.rules.money import NBSP
from models.settings import Settings

BOOKED, ASKED, QUEUED, CANCELLED, MEMBERSHIP = "booked", "asked", "queued", "cancelled", "membership"
VOID = "void"  # a membership that the child had already
TITLES = {
    BOOKED: "Réservé",
    ASKED: "Demandé à la mairie, qui vous répondra",
    QUEUED: "En liste d’attente",
    CANCELLED: "Annulé",
    MEMBERSHIP: "Adhésion",
}
FATES = {"requested": ASKED, "waiting": QUEUED}


@dataclass(frozen=True)
class Line:
    child: str
    what: str
    day: date | None
    cents: int
    fate: str


async def confirmation(settings: Settings, order_id: int) -> None:
    order = await Order.get(id=order_id)
    lines = await lines_of(order.id)
    facts = {
        "blocks": [(title, by_child(_of(lines, fate))) for fate, title in TITLES.items() if _of(lines, fate)],
        "sums": _sums(order),
    }
    about = f"confirmation:{order.id}"
    await write(settings, Draft("confirmation", about, order.family_id, _subject(lines), facts))


def _sums(order: Order) -> list[tuple[str, int]]:
    """What becomes of the price, without what is nothing."""
    if order.kind == "invoiced":
        return [("Facturé en fin de mois", order.net)] if order.net else []
    rest = 0 if order.due else order.net + order.debt - order.credit
    sums = (
        ("Restant dû réglé en même temps", order.debt if order.due else 0),
        ("Avoir utilisé", order.credit),
        ("Payé par carte", order.due),
        ("Restant dû, à régulariser lors de votre prochaine réservation", rest),
        ("Porté à votre avoir", -rest),
    )
    return [(label, cents) for label, cents in sums if cents > 0]


async def lines_of(order: int) -> list[Line]:
    rows = await OrderLine.filter(order_id=order).select_related("child", "activity", "slot")
    states = dict(await Booking.filter(id__in=[row.booking_id for row in rows]).values_list("id", "state"))
    rows.sort(key=lambda row: (row.child.first_name, row.child_id, row.day or date.min, row.id))
    return [
        Line(
            child=row.child.first_name,
            what=row.slot.name if row.slot else row.activity.name,
            day=row.day,
            cents=row.cents,
            fate=_fate(row, states.get(row.booking_id)),
        )
        for row in rows
    ]


def _fate(row: OrderLine, state: str | None) -> str:
    if row.action == "cancel":
        return CANCELLED
    memberships = {"membership": MEMBERSHIP, "void": VOID}
    return memberships.get(row.action) or FATES.get(state or "", BOOKED)


def by_child(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    return [(child, list(mine)) for child, mine in groupby(lines, key=lambda line: line.child)]


def _of(lines: Sequence[Line], fate: str) -> list[Line]:
    return [line for line in lines if line.fate == fate]


def _subject(lines: Sequence[Line]) -> str:
    """« 8 réservations et 2 annulations enregistrées – septembre »."""
    booked, cancelled = len(_of(lines, BOOKED)), len(_of(lines, CANCELLED))
    asked, queued = len(_of(lines, ASKED)), len(_of(lines, QUEUED))
    if booked or cancelled:
        parts = ((booked, "réservation"), (cancelled, "annulation"))
        said = " et ".join(count(number, noun) for number, noun in parts if number)
        said += " enregistrées" if booked + cancelled > 1 else " enregistrée"
    elif asked:
        said = f"{count(asked, 'demande')} envoyée{'s' if asked > 1 else ''} à la mairie"
    elif queued:
        said = f"Liste d’attente{NBSP}: {count(queued, 'demande')}"
    else:
        return "Adhésion enregistrée"
    months = {line.day.month for line in lines if line.day}
    month = f" – {MONTHS[months.pop() - 1]}" if len(months) == 1 else ""
    return fit(said + month, said)
