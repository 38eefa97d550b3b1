"""What the mairie wrote as urgent, and what happened to a child today."""

from collections.abc import Sequence

from models.bookings.roll.attendance import Attendance
from models.french import agreed, day_long, quoted
from models.notices.days.waiting import booking_told
from models.notices.message import Link, Message, fit, words_of
from models.publishing.news import News
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.URGENT_NEWS, "Information urgente de la mairie.", "/actualites")
async def urgent(digest: Sequence[Notice]) -> Message | None:
    """None when it was withdrawn meanwhile."""
    news = await News.get(id=digest[0].id_of_about)
    if news.withdrawn_at or not news.urgent:
        return None
    said = [news.summary] if news.summary else ["La mairie publie une information urgente."]
    link = Link("Lire l’information", f"/actualites/{news.id}")
    return Message(
        fit(f"URGENT{NBSP}: {news.title}", "Information urgente de la mairie"), said, news.title, link
    )


@words_of(NoticeKind.CHILD_UNBOOKED, "Un enfant était présent sans réservation.", "/planning")
async def unbooked(digest: Sequence[Notice]) -> Message | None:
    """None when the mairie took it back: the child was not there."""
    booking = await booking_told(digest[0].id_of_about)
    if not await Attendance.exists(booking_id=booking.id, unbooked=True):
        return None
    child = booking.child.first_name
    there, slot = agreed("présent(e)", booking.child.sex), quoted(booking.slot.name)
    said = [
        f"{child} était {there} à {slot} le {day_long(booking.day)}, sans réservation.",
        f"La journée est notée et comptée. Une erreur{NBSP}? Écrivez à la mairie.",
    ]
    link = Link("Voir le planning", f"/planning?par=enfant&id={booking.child_id}&debut={booking.day}")
    return Message("Présence sans réservation", said, link=link)
