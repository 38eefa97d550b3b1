"""Which reminder (relance) comes next for what a family has not paid: 1 is kind, 2 is firm, 3 is the last."""

from collections.abc import Sequence
from datetime import date, timedelta

LAST = 3
DAYS_TO_PAY = {1: 15, 2: 15, 3: 8}  # from the reminder
PAUSE = timedelta(days=10)  # before the next level


def next_level(before: Sequence[int]) -> int:
    """`before`: the levels that were sent about what is still unpaid."""
    return min(LAST, max(before, default=0) + 1)


def pay_by(level: int, sent_on: date) -> date:
    return sent_on + timedelta(days=DAYS_TO_PAY[level])


def too_soon(last: date | None, today: date) -> bool:
    """Was the family reminded so lately that it may not have read it?"""
    return last is not None and today - last < PAUSE
