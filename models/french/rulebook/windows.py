"""When days of a period are booked, in words."""

from datetime import date

from models.french.dates import beginning_long, day_and_month, day_long, moment_long, period
from models.rules.limits.windows import Window


def window_said(window: Window) -> str:
    """« les jours du 6 au 31 juillet 2026 se réservent du lundi 1er juin à 08:00 au samedi 20 juin à 23:59 »."""
    booked = f"du {beginning_long(window.opens)} au {moment_long(window.shut)}"
    if window.start == window.end:
        return f"le {day_long(window.start)} se réserve {booked}"
    return f"les jours du {_span(window.start, window.end)} se réservent {booked}"


def _span(first: date, last: date) -> str:
    """« 6 au 31 juillet 2026 », « 21 décembre 2026 au 1er janvier 2027 »."""
    if first.year == last.year:
        return f"{period(first, last)} {last.year}"
    return f"{day_and_month(first)} {first.year} au {day_and_month(last)} {last.year}"
