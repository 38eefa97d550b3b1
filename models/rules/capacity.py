"""Who gets a place, and until when is a freed one offered?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.deadlines import PARIS, is_open, later, utc

OFFER_HOURS = 48
MARGIN_HOURS = 2  # what the next in line needs before the deadline


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody in the line. `priority` is the mairie's, 0 for everybody else."""

    id: int
    priority: int
    since: datetime


def free(places: int | None, taken: int) -> int | None:
    """Places left; None when there is no limit. Staff may have overrun them: that leaves none, not fewer."""
    return None if places is None else max(0, places - taken)


def offer_until(now: datetime, closes: datetime) -> datetime:
    """When an offer made now ends."""
    return min(later(now, hours=OFFER_HOURS), later(closes, hours=-MARGIN_HOURS), key=utc)


def can_offer(now: datetime, closes: datetime) -> bool:
    """Is there any time left to answer?"""
    return is_open(now, offer_until(now, closes))


def can_serve(now: datetime, closes: datetime, *, prepaid: bool) -> bool:
    """May somebody who waits still get a freed place? One that is paid first must be offered in time."""
    return can_offer(now, closes) if prepaid else is_open(now, closes)


def in_line(waits: Iterable[Wait]) -> list[Wait]:
    """The next in line first: priority, then since, then id. `waiting_list.RANK` says the same in SQL."""
    return sorted(waits, key=lambda wait: (-wait.priority, utc(wait.since), wait.id))


def newcomers_rank(waiting: int, before: int = 0) -> int:
    """The rank that a wish not validated yet would get, behind `waiting` others and `before` of its own cart."""
    return waiting + before + 1


def is_over(now: datetime, day: date) -> bool:
    """Has the day ended in Paris?"""
    return day < utc(now).astimezone(PARIS).date()
