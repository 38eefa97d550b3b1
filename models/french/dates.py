"""Days, moments and what is left of the time, as French writes them. Times are shown in Paris."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from models.rules.deadlines import PARIS, last_minute

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


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
    return f"{ordinal(day)} {MONTHS[day.month - 1]}"


@lru_cache(1024)
def day_short(day: date) -> str:
    """« Lu 03 »."""
    return f"{weekday(day)[:2].capitalize()} {day.day:02d}"


def weekday_and_number(day: date) -> str:
    """« lundi 3 », where the month is not in doubt."""
    return f"{weekday(day)} {ordinal(day)}"


def day_numeric(day: date) -> str:
    """« 03/09/2018 »."""
    return f"{day:%d/%m/%Y}"


def month_name(day: date) -> str:
    """« septembre 2018 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period(first: date, last: date) -> str:
    """« 3 au 7 septembre », « 29 octobre au 2 novembre »."""
    start = ordinal(first) if first.month == last.month else day_and_month(first)
    return f"{start} au {day_and_month(last)}"


def time_of_day(instant: datetime) -> str:
    """« 12:00 »."""
    return f"{instant.astimezone(PARIS):%H:%M}"


@lru_cache(2000)  # a month says the same few a hundred times
def moment(instant: datetime, *, short: bool = True) -> str:
    """« jeudi 3 sept. à 12:00 ». Midnight belongs to the day that ends: « mercredi 29 août à 23:59 »."""
    return _at(last_minute(instant), short)


def beginning(instant: datetime, *, short: bool = True) -> str:
    """As `moment`, of what begins: midnight is 00:00 of the day that it belongs to."""
    return _at(instant.astimezone(PARIS), short)


def beginning_long(instant: datetime) -> str:
    """« lundi 1er juin à 00:00 »."""
    return beginning(instant, short=False)


def _at(local: datetime, short: bool) -> str:
    months = SHORT_MONTHS if short else MONTHS
    return f"{weekday(local)} {ordinal(local)} {months[local.month - 1]} à {local:%H:%M}"


def moment_long(instant: datetime) -> str:
    """« jeudi 3 septembre à 12:00 »."""
    return moment(instant, short=False)


def moment_short(instant: datetime) -> str:
    """« jeudi 3, 12:00 », for the subject of an e-mail."""
    local = last_minute(instant)
    return f"{weekday_and_number(local)}, {local:%H:%M}"


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


def ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _seconds(now: datetime, closes: datetime) -> int:
    """Compared in UTC: in October an hour of Paris comes twice."""
    return int((closes.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
