"""Days as other calendars read them (RFC 5545). The same days are the same bytes: nothing in it is of today.

Times are UTC: each day is an event of its own, so none needs a zone to survive a change of the clocks.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from models.bookings.standing import Standing
from models.commune.commune import Commune

if TYPE_CHECKING:
    from icalendar import Component

ASKED_AGAIN = timedelta(hours=6)
PRODUCT = "-//Portail Famille//Reservations//FR"


def written(commune: Commune, days: Sequence[Standing]) -> bytes:
    from icalendar import Calendar  # heavy, and only needed here

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Cantine et activités – {commune.name}")
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for day in days:
        calendar.add_component(_event(commune, day))
    return bytes(calendar.to_ical())


def _event(commune: Commune, day: Standing) -> "Component":
    """It leaves the parent's own hours free: it is the child who is busy."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"reservation-{day.booking}@{commune.insee}.portail-famille")
    event.add("dtstamp", day.changed_at.astimezone(UTC))
    event.add("last-modified", day.changed_at.astimezone(UTC))
    event.add("dtstart", day.begins.astimezone(UTC))
    event.add("dtend", day.ends.astimezone(UTC))
    event.add("summary", f"{day.first_name} – {day.slot}")
    event.add("description", day.activity)
    if day.place:
        event.add("location", day.place)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
