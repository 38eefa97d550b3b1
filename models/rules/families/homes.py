"""In whose weeks is a day, where a child lives in two homes? Source: the ISO week, as families and calendars count."""

from datetime import date

WEEKS = ("even", "odd")


def weeks_of(day: date) -> str:
    """« even » or « odd »."""
    return WEEKS[day.isocalendar().week % 2]


def other_weeks(weeks: str) -> str:
    """Those of the other home."""
    return WEEKS[1 - WEEKS.index(weeks)]
