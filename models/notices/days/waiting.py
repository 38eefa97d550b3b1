"""What happens in a waiting list."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from models.bookings.booking import Booking
from models.bookings.waiting_list import Waiting
from models.french import day_long, day_without_year, moment_long, moment_short, weekday_and_number
from models.notices.message import Link, Message, fit, words_of
from models.rules.booking import BookingState
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.PLACE_CONFIRMED, "Une place s’est libérée, elle est à vous.", "/planning")
async def confirmed(digest: Sequence[Notice]) -> Message | None:
    booking = await booking_told(digest[0].id_of_about)
    if booking.state != BookingState.CONFIRMED:
        return None
    told = ["Une place s’est libérée, elle est à vous.", "Vous n’avez rien à faire."]
    if booking.cents:
        told.append(f"{euros(booking.cents)} seront sur votre facture de fin de mois.")
    return Message(f"Place réservée{NBSP}: {day_without_year(booking.day)}", told, place(booking))


@words_of(NoticeKind.PLACE_OFFERED, "Une place s’est libérée, elle vous attend.", "/planning")
async def offered(digest: Sequence[Notice]) -> Message | None:
    booking = await booking_told(digest[0].id_of_about)
    wait = await Waiting.get_or_none(booking_id=booking.id)
    until = wait.offered_until if wait else None
    if booking.state != BookingState.OFFERED or until is None:
        return None
    told = ["Une place s’est libérée.", *how_to_take(booking, until, "Elle")]
    return Message(_offer_title(booking, until), told, place(booking), taking(booking))


@words_of(NoticeKind.PLACE_LAPSED, "Une place n’est plus gardée pour vous.", "/planning")
async def lapsed(digest: Sequence[Notice]) -> Message:
    booking = await booking_told(digest[0].id_of_about)
    told = ["Le délai pour répondre est passé, la place a été rendue.", "Rien ne vous est demandé."]
    title = f"La place proposée {day_without_year(booking.day)} n’est plus gardée"
    return Message(title, told, place(booking))


def _offer_title(booking: Booking, until: datetime) -> str:
    place = f"une place {weekday_and_number(booking.day)}"
    return fit(f"Répondez avant {moment_short(until)}{NBSP}: {place}", f"Répondez vite{NBSP}: {place}")


def place(booking: Booking) -> str:
    """« Chloé, Repas, lundi 3 septembre 2018 »."""
    return f"{booking.child.first_name}, {booking.slot.name}, {day_long(booking.day)}"


def how_to_take(booking: Booking, until: datetime, place: str = "Une place") -> list[str]:
    take = f"réglez {euros(booking.cents)}" if booking.cents else "validez-la"
    return [
        f"{place} est gardée pour vous jusqu’au {moment_long(until)}.",
        f"Pour la prendre, {take} sur le portail avant ce moment.",
    ]


def taking(booking: Booking) -> Link:
    """Where the place can be taken, even when it was taken out of the draft."""
    fields = {"par": "enfant", "id": booking.child_id, "debut": booking.day.isoformat(), "modifier": "1"}
    return Link("Prendre la place", f"/planning?{urlencode(fields)}")


async def booking_told(id: int) -> Booking:
    return await Booking.get(id=id).select_related("child", "slot", "slot__activity")
