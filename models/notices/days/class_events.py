"""A class is not there: which days were cancelled, what comes back; and the days that are booked again."""

from collections.abc import Sequence

from models.bookings.booking import Booking
from models.class_events.cancelled_day import CancelledDay
from models.commune.class_event import ClassEvent
from models.french import day_long, plural
from models.french.class_events import KEPT, KINDS
from models.money import ledger
from models.notices.message import Link, Message, words_of
from models.rules.booking import BookingState
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing
from models.work.notice import Notice

PLANNING = Link("Voir le planning", "/planning")


@words_of(NoticeKind.CLASS_AWAY, "Des jours sont annulés par la mairie.", "/planning")
async def away(digest: Sequence[Notice]) -> Message:
    event, days = await _of(digest[0])
    booked = [day for day in days if day.was == BookingState.CONFIRMED]
    told = [event.words, *_lines(days)]
    settled = credit = 0
    for day in booked:
        if day.cents and day.booking.order:
            part = await ledger.given_back(digest[0].family_id, day.booking.order.till_id, day.key)
            settled, credit = settled + part[0], credit + part[1]
    told += [f"{euros(settled)} sont déduits de votre restant dû."] * bool(settled)
    told += [f"{euros(credit)} sont portés à votre avoir."] * bool(credit)
    if any(day.booking.slot.activity.billing != Billing.PREPAID for day in booked):
        told.append("Ce qui se paie en fin de mois ne vous sera pas facturé.")
    told.append("Vous n’avez rien à faire.")
    number = plural(len(days), "jour annulé", "jours annulés")
    return Message(f"{KINDS[event.kind]}{NBSP}: {number}", told, link=PLANNING)


@words_of(NoticeKind.CLASS_BACK, "Des jours sont rétablis par la mairie.", "/planning")
async def back(digest: Sequence[Notice]) -> Message:
    event, days = await _of(digest[0])
    again = [day for day in days if day.returned_at]
    gone = [day for day in days if day.kept]
    told = [f"La mairie revient sur l’annulation «{NBSP}{KINDS[event.kind]}{NBSP}»."]
    if again:
        told += ["Ces jours sont de nouveau réservés, comme avant\u00a0:", *_lines(again)]
        if cents := sum(day.cents for day in again):
            told.append(f"L’avoir de {euros(cents)} qu’ils vous avaient donné est repris.")
    for day in gone:
        told.append(f"{_line(day.booking)} reste annulé{NBSP}: {KEPT[day.kept]}.")
    title = (
        f"{plural(len(again), 'jour rétabli', 'jours rétablis')}" if again else "Vos jours restent annulés"
    )
    return Message(f"{KINDS[event.kind]}{NBSP}: {title}" if again else title, told, link=PLANNING)


async def _of(notice: Notice) -> tuple[ClassEvent, list[CancelledDay]]:
    """The event, and what it cancelled for the family, in order."""
    event_id = (await CancelledDay.get(id=notice.id_of_about)).event_id
    mine = CancelledDay.filter(event_id=event_id, booking__family_id=notice.family_id)
    days = await mine.select_related("booking__slot__activity", "booking__child", "booking__order").order_by(
        "booking__child_id", "booking__day", "booking__slot__starts"
    )
    return await ClassEvent.get(id=event_id), days


def _lines(days: Sequence[CancelledDay]) -> list[str]:
    return [_line(day.booking) for day in days]


def _line(booking: Booking) -> str:
    """« Chloé, Repas de midi, lundi 3 septembre 2018 »."""
    return f"{booking.child.first_name}, {booking.slot.name}, {day_long(booking.day)}"
