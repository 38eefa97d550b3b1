"""How the screens write French: dates, moments, numbers with their noun. Times are shown in Paris."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from models.rules.deadlines import PARIS, last_minute
from models.rules.money import euros, grouped

__all__ = [
    "day_and_month",
    "day_long",
    "day_numeric",
    "day_short",
    "day_without_year",
    "euros",
    "hours_left",
    "moment",
    "moment_long",
    "moment_numeric",
    "month_name",
    "period",
    "plural",
    "time_left",
    "time_of_day",
    "wait",
    "weekday",
    "word",
]

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


ROLES = {
    "administrator": "Administrateur",
    "manager": "Gestionnaire",
    "cashier": "Régisseur",
    "kitchen": "Cantine",
    "leader": "Animateur",
    "reader": "Lecture",
}


def roles(held: Iterable[str]) -> str:
    """« Cantine, Animateur »."""
    return ", ".join(said for role, said in ROLES.items() if role in set(held))


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


@lru_cache(1024)
def day_long(day: date) -> str:
    """« lundi 3 septembre 2018 »."""
    return f"{day_without_year(day)} {day.year}"


@lru_cache(1024)
def day_without_year(day: date) -> str:
    """« lundi 3 septembre »."""
    return f"{weekday(day)} {day_and_month(day)}"


def day_and_month(day: date) -> str:
    """« 3 septembre », « 1er octobre »."""
    return f"{_ordinal(day)} {MONTHS[day.month - 1]}"


@lru_cache(1024)
def day_short(day: date) -> str:
    """« Lu 03 »."""
    return f"{weekday(day)[:2].capitalize()} {day.day:02d}"


def day_numeric(day: date) -> str:
    """« 03/09/2018 »."""
    return f"{day:%d/%m/%Y}"


def month_name(day: date) -> str:
    """« septembre 2018 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period(first: date, last: date) -> str:
    """« 3 au 7 septembre », « 29 octobre au 2 novembre »."""
    start = _ordinal(first) if first.month == last.month else day_and_month(first)
    return f"{start} au {day_and_month(last)}"


def time_of_day(instant: datetime) -> str:
    """« 12:00 »."""
    return f"{instant.astimezone(PARIS):%H:%M}"


def moment(instant: datetime, *, short: bool = True) -> str:
    """« jeudi 3 sept. à 12:00 ». Midnight belongs to the day that ends: « mercredi 29 août à 23:59 »."""
    local = last_minute(instant)
    months = SHORT_MONTHS if short else MONTHS
    return f"{weekday(local)} {_ordinal(local)} {months[local.month - 1]} à {local:%H:%M}"


def moment_long(instant: datetime) -> str:
    """« jeudi 3 septembre à 12:00 »."""
    return moment(instant, short=False)


def moment_numeric(instant: datetime) -> str:
    """« 03/09/2018 à 12:00 »."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y à %H:%M}"


def time_left(now: datetime, closes: datetime) -> str:
    """« Plus que 3 h 20 », « dans 7 jours », « Clos »."""
    seconds = _seconds(now, closes)
    if seconds <= 0:
        return "Clos"
    if seconds >= 86400:
        days = (closes.astimezone(PARIS) - timedelta(minutes=1)).date() - now.astimezone(PARIS).date()
        return "demain" if days.days == 1 else f"dans {days.days} jours"
    hours, minutes = divmod(max(1, seconds // 60), 60)
    if not hours:
        return f"Plus que {minutes}\u00a0min"
    return f"Plus que {hours}\u00a0h\u00a0{minutes:02d}" if minutes else f"Plus que {hours}\u00a0h"


def hours_left(now: datetime, closes: datetime) -> int | None:
    """Whole hours in the last day before a deadline; None when it is farther away, or over."""
    seconds = _seconds(now, closes)
    return seconds // 3600 if 0 < seconds < 86400 else None


def plural(count: int, singular: str, several: str | None = None) -> str:
    """« 0 annulation en attente », « 4 réservations en attente »: the plural begins at two."""
    return f"{grouped(count)} {word(count, singular, several)}"


def word(count: int, singular: str, several: str | None = None) -> str:
    """The noun alone; without `several` only its first word takes an s."""
    if abs(count) < 2:
        return singular
    if several is not None:
        return several
    noun, space, rest = singular.partition(" ")
    return f"{noun if noun[-1] in 'sxz' else noun + 's'}{space}{rest}"


def wait(seconds: float) -> str:
    """« 2 minutes », « 8 secondes »: how long before another try."""
    if seconds > 60:
        return plural(-int(-seconds // 60), "minute")
    return plural(max(1, -int(-seconds // 1)), "seconde")


def _ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _seconds(now: datetime, closes: datetime) -> int:
    """Compared in UTC: in October an hour of Paris comes twice."""
    return int((closes.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
