"""A family's quotients over time: whole euros, each from a day on. One that has no end lasts until the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    id: int
    value: int
    start: date
    end: date | None


def takes_over(known: Sequence[Span], start: date) -> tuple[Span | None, Span | None]:
    """What a quotient from `start` on replaces (it begins on the same day), and what it ends the day before."""
    same = next((span for span in known if span.start == start), None)
    before = [span for span in known if span.start < start and (span.end is None or span.end >= start)]
    return same, max(before, key=lambda span: span.start, default=None)


def until(span: Span, known: Sequence[Span]) -> date | None:
    """Its last day in truth: its own, or the day before the next one begins."""
    following = [other.start - ONE_DAY for other in known if other.start > span.start]
    return min([*following, *([span.end] if span.end else [])], default=None)


def in_force(known: Sequence[Span], day: date) -> Span | None:
    found = [span for span in known if span.start <= day and (span.end is None or span.end >= day)]
    return max(found, key=lambda span: (span.start, span.id), default=None)
