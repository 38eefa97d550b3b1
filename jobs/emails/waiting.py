"""What happens in a waiting list."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from jobs.emails import Draft, fit
from models.bookings.booking import Booking
from models.bookings.waiting_list import Waiting
from models.french import day_without_year, moment_long, moment_short, weekday_and_number
from models.rules.booking import BookingState
from models.rules.money import NBSP, euros
from models.settings import Settings
from models.work.notice import Notice


async def confirmed(settings: Settings, digest: Sequence[Notice]) -> Draft | None:
    booking = await booking_told(digest[0].id_of_about)
    if booking.state != BookingState.CONFIRMED:
        return None
    told = ["Une place s’est libérée, elle est à vous.", "Vous n’avez rien à faire."]
    if booking.cents:
        told.append(f"{euros(booking.cents)} seront sur votre facture de fin de mois.")
    return _draft("confirmed", booking, f"Place réservée{NBSP}: {day_without_year(booking.day)}", told)


async def offered(settings: Settings, digest: Sequence[Notice]) -> Draft | None:
    booking = await booking_told(digest[0].id_of_about)
    wait = await Waiting.get_or_none(booking_id=booking.id)
    until = wait.offered_until if wait else None
    if booking.state != BookingState.OFFERED or until is None:
        return None
    told = ["Une place s’est libérée.", *how_to_take(booking, until, "Elle")]
    return _draft("offered", booking, _offer_subject(booking, until), told, planning(settings, booking))


async def lapsed(settings: Settings, digest: Sequence[Notice]) -> Draft:
    booking = await booking_told(digest[0].id_of_about)
    told = ["Le délai pour répondre est passé, la place a été rendue.", "Rien ne vous est demandé."]
    subject = f"La place proposée {day_without_year(booking.day)} n’est plus gardée"
    return _draft("lapsed", booking, subject, told)


def _draft(what: str, booking: Booking, subject: str, outcome: list[str], link: str = "") -> Draft:
    facts = {"booking": booking, "outcome": outcome, "link": link}
    return Draft("waiting", f"waiting:{booking.id}:{what}", booking.family_id, subject, facts)


def _offer_subject(booking: Booking, until: datetime) -> str:
    place = f"une place {weekday_and_number(booking.day)}"
    return fit(f"Répondez avant {moment_short(until)}{NBSP}: {place}", f"Répondez vite{NBSP}: {place}")


def how_to_take(booking: Booking, until: datetime, place: str = "Une place") -> list[str]:
    take = f"réglez {euros(booking.cents)}" if booking.cents else "validez-la"
    return [
        f"{place} est gardée pour vous jusqu’au {moment_long(until)}.",
        f"Pour la prendre, {take} sur le portail avant ce moment.",
    ]


def planning(settings: Settings, booking: Booking) -> str:
    """Where the place can be taken, even when it was taken out of the draft."""
    fields = {"par": "enfant", "id": booking.child_id, "debut": booking.day.isoformat(), "modifier": "1"}
    return f"{settings.base_url}/planning?{urlencode(fields)}"


async def booking_told(id: int) -> Booking:
    return await Booking.get(id=id).select_related("child", "slot", "slot__activity")
