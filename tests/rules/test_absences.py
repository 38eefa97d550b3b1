"""What a told absence does, by the activity's rule."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from models.rules.absences import became, outcome
from models.rules.booking import Booked, BookingState, Facts, Wish
from models.rules.calendar import Day, Kind
from models.rules.deadlines import PARIS
from models.rules.states.orders import LineAction

CLOSES = datetime(2018, 9, 5, 12, tzinfo=PARIS)
EARLY, LATE = datetime(2018, 9, 5, 11, 59, tzinfo=PARIS), CLOSES
BOOKED = Facts(Day(Kind.open), True, CLOSES, CLOSES, booked=Booked(1, BookingState.CONFIRMED, 340))


@pytest.mark.parametrize(
    ("changes", "prepaid", "early", "late"),
    [
        ({}, True, "credited", "kept"),
        ({}, False, "unbilled", "kept"),
        ({"late_cancel": True}, True, "credited", "late"),
        ({"late_cancel": True}, False, "unbilled", "late"),
        ({"asks": True}, True, "asked", "kept"),
        ({"asks": True, "late_cancel": True}, False, "asked", "asked"),
        ({"wish": Wish(LineAction.CANCEL, 340)}, True, "credited", "kept"),
        ({"wish": Wish(LineAction.CANCEL, 340, locked=True)}, True, None, None),
        ({"day": Day(Kind.closed)}, True, None, None),
        ({"booked": None}, True, None, None),
        ({"booked": Booked(1, BookingState.WAITING, 340)}, True, None, None),
        ({"booked": Booked(1, BookingState.HELD, 340)}, True, None, None),
        ({"booked": Booked(1, BookingState.CONFIRMED, 340, own=False)}, True, None, None),
        ({"booked": Booked(1, BookingState.CONFIRMED, 340, cancel_asked=True)}, True, None, None),
    ],
)
def test_outcome(changes: dict[str, Any], prepaid: bool, early: str | None, late: str | None) -> None:
    facts = replace(BOOKED, **changes)
    assert (outcome(facts, prepaid, EARLY), outcome(facts, prepaid, LATE)) == (early, late)


@pytest.mark.parametrize(
    ("state", "billed", "prepaid", "pending", "came_to"),
    [
        ("cancelled", False, True, False, "credited"),
        ("cancelled", False, False, False, "unbilled"),
        ("cancelled", True, True, False, "late"),
        ("confirmed", True, True, True, "asked"),
        ("confirmed", True, True, False, "kept"),
    ],
)
def test_became(state: str, billed: bool, prepaid: bool, pending: bool, came_to: str) -> None:
    assert became(state, billed, prepaid, pending) == came_to
