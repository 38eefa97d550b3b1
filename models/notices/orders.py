"""What was validated: bookings made, given back, asked for, and what becomes of the price."""

from collections.abc import Iterable, Sequence

from models.bookings.order import Order
from models.french import day_without_year, plural
from models.french.dates import MONTHS
from models.french.orders import DID
from models.money import ledger
from models.notices.days.order_lines import (
    ASKED,
    BOOKED,
    CANCEL_ASKED,
    CANCELLED,
    LATE,
    MEMBERSHIP,
    QUEUED,
    WITHDRAWN,
    Line,
    by_child,
    lines_of,
)
from models.notices.message import Message, fit, words_of
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import OrderKind
from models.work.notice import Notice


@words_of(NoticeKind.ORDER_CONFIRMED, "Vos réservations sont enregistrées.", "/planning")
async def confirmed(digest: Sequence[Notice]) -> Message | None:
    """Nothing is told when nothing is left to tell: whoever waited has a place, or left, meanwhile."""
    order = await Order.get(id=digest[0].id_of_about)
    lines = await lines_of(order)
    if not lines:
        return None
    facts = {
        "blocks": [(title, by_child(_of(lines, fate))) for fate, title in DID.items() if _of(lines, fate)],
        "sums": [(label, cents) for label, cents in await _sums(order, lines) if cents > 0],
    }
    return Message(_title(lines), template="confirmation", facts=facts)


async def _sums(order: Order, lines: Sequence[Line]) -> Iterable[tuple[str, int]]:
    """What becomes of the price. What the mairie has not answered is neither paid nor invoiced yet."""
    if order.kind == OrderKind.INVOICED:
        return _invoiced(lines)
    rest = 0 if order.due else order.net + order.debt - order.credit
    settled, credit = 0, 0
    if order.net < 0:
        settled, credit = await ledger.given_back(order.family_id, order.till_id, f"sale:{order.id}")
    return (
        ("Restant dû réglé en même temps", order.debt if order.due else 0),
        ("Avoir utilisé", order.credit),
        ("Payé par carte", order.due),
        ("Restant dû, à régulariser lors de votre prochaine réservation", rest),
        ("Déduit de votre restant dû", settled),
        ("Porté à votre avoir", credit),
    )


def _invoiced(lines: Sequence[Line]) -> Iterable[tuple[str, int]]:
    def total(fate: str, prepaid: bool) -> int:
        return sum(line.cents for line in _of(lines, fate) if line.prepaid is prepaid)

    return (
        ("Facturé en fin de mois", total(BOOKED, prepaid=False)),
        ("Ne sera pas facturé", -total(CANCELLED, prepaid=False)),
        ("Facturé en fin de mois si la mairie accepte", total(ASKED, prepaid=False)),
        ("À payer si la mairie accepte", total(ASKED, prepaid=True)),
    )


def _of(lines: Sequence[Line], fate: str) -> list[Line]:
    return [line for line in lines if line.fate == fate]


def _title(lines: Sequence[Line]) -> str:
    """« 8 réservations et 2 annulations enregistrées – septembre »."""
    said = _said(lines)
    if len(lines) == 1 and lines[0].fate == QUEUED:
        return said
    months = {line.day.month for line in lines if line.day}
    month = f" – {MONTHS[months.pop() - 1]}" if len(months) == 1 else ""
    return fit(said + month, said)


def _said(lines: Sequence[Line]) -> str:
    number = {fate: len(_of(lines, fate)) for fate in DID}
    if done := number[BOOKED] + number[CANCELLED] + number[LATE]:
        parts = ((number[BOOKED], "réservation"), (number[CANCELLED] + number[LATE], "annulation"))
        said = " et ".join(plural(n, noun) for n, noun in parts if n)
        return f"{said} enregistrée{'s' * (done > 1)}"
    if asked := number[ASKED] + number[CANCEL_ASKED]:
        what = "" if number[ASKED] else " d’annulation"
        return f"{plural(asked, 'demande')}{what} envoyée{'s' * (asked > 1)} à la mairie"
    if queued := _of(lines, QUEUED):
        only = f"rang {queued[0].rank}, {day_without_year(queued[0].day)}" if queued[0].day else ""
        return f"Liste d’attente{NBSP}: {only if len(queued) == 1 else plural(len(queued), 'jour')}"
    if withdrawn := number[WITHDRAWN]:
        return f"{plural(withdrawn, 'demande')} retirée{'s' * (withdrawn > 1)}"
    joined = number[MEMBERSHIP]
    return f"{plural(joined, 'adhésion')} enregistrées" if joined > 1 else "Adhésion enregistrée"
