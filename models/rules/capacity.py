"""Who gets a place, and until when is a freed one offered?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.rules.deadlines import is_open, later, utc

OFFER_HOURS = 48
MARGIN_HOURS = 2  # what the next in line needs before the deadline


class NotWaiting(LookupError):
    """Nobody waits under this id."""

    def __init__(self, id: int) -> None:
        super().__init__(id)
        self.id = id


@dataclass(frozen=True, slots=True)
class Wait:
    id: int
    priority: int
    created_at: datetime


def free(places: int | None, taken: int) -> int | None:
    """Places left; None when there is no limit. Staff may have overrun them: that leaves none, not fewer."""
    return None if places is None else max(0, places - taken)


def offer_until(now: datetime, closes: datetime) -> datetime:
    """When an offer made now ends."""
    return min(later(now, hours=OFFER_HOURS), later(closes, hours=-MARGIN_HOURS), key=utc)


def can_offer(now: datetime, closes: datetime) -> bool:
    """Is there any time left to answer?"""
    return is_open(now, offer_until(now, closes))


def next_in_line(waits: Iterable[Wait]) -> Wait | None:
    return min(waits, key=_order, default=None)


def rank(waits: Sequence[Wait], id: int) -> int:
    """1 for the next in line."""
    for place, wait in enumerate(sorted(waits, key=_order), start=1):
        if wait.id == id:
            return place
    raise NotWaiting(id)


def _order(wait: Wait) -> tuple[int, datetime, int]:
    return -wait.priority, utc(wait.created_at), wait.id
