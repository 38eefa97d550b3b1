"""How long what is known of people is kept (durées de conservation), and between which limits a commune may choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.rules.calendar import month


@dataclass(frozen=True, slots=True)
class Duration:
    """In months."""

    code: str
    usual: int
    least: int
    most: int


SESSIONS = Duration("sessions", 1, 1, 6)  # after the end of what let somebody in: sessions, links of e-mails
MESSAGES = Duration("messages", 24, 6, 60)  # after the school year of the last word of a conversation
HEALTH = Duration("health", 6, 3, 24)  # after a child's last school year, enrolment and booked day
INACTIVE = Duration("inactive", 36, 12, 120)  # after all that a family did or had
DURATIONS = (SESSIONS, MESSAGES, HEALTH, INACTIVE)
DAYS = 30  # that a month of a session is counted as


def kept(chosen: Mapping[str, int] | None) -> dict[str, int]:
    """Months by code: those that the commune chose, else the usual ones."""
    return {one.code: (chosen or {}).get(one.code, one.usual) for one in DURATIONS}


def earlier(day: date, months: int) -> date:
    """That many months before; the last day of a shorter month."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(day.day, month(first)[1].day))


def ended_years(day: date) -> date:
    """What is before this day is of a school year that is over: the 1st of September before, or `day` itself."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)
