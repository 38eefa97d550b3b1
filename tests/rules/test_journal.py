"""The hash of a row of the journal depends on all that is in it, and on the row before."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from models.rules.journal import link

AT = datetime(2018, 8, 27, 10, tzinfo=UTC)
ROW: dict[str, Any] = {
    "before": "a",
    "at": AT,
    "actor": "guardian:1",
    "action": "order.made",
    "object": "order:1",
    "family": 1,
    "details": {"due": 340},
}
OTHER: dict[str, Any] = {
    "before": "b",
    "at": AT + timedelta(seconds=1),
    "actor": "guardian:2",
    "action": "order.paid",
    "object": "order:2",
    "family": None,
    "details": {"due": 350},
}


@pytest.mark.parametrize("part", ROW)
def test_another_part_is_another_hash(part: str) -> None:
    assert link(**ROW) != link(**(ROW | {part: OTHER[part]}))


def test_the_same_moment_told_in_paris_is_the_same_hash() -> None:
    assert link(**ROW) == link(**(ROW | {"at": AT.astimezone(timezone(timedelta(hours=2)))}))
