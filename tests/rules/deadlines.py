"""The deadlines of the communes, and a calendar to count in."""

from datetime import date, datetime

from models.rules.deadlines import (
    PARIS,
)

PUBLIC = {date(2016, 11, 11), date(2018, 5, 8), date(2018, 5, 10), date(2018, 12, 25), date(2019, 1, 1)}
AUTUMN = (date(2016, 10, 20), date(2016, 11, 2))
YEAR = (date(2016, 9, 1), date(2017, 7, 7))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in PUBLIC


def is_school(day: date) -> bool:
    return is_working(day) and YEAR[0] <= day <= YEAR[1] and not AUTUMN[0] <= day <= AUTUMN[1]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)
