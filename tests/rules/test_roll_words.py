"""Which word about a child counts, when several tablets speak and some of them late."""

from datetime import UTC, datetime, timedelta

import pytest

from models.rules.roll.words import Called, after
from models.rules.states.attendance import AttendanceState

EIGHT = datetime(2025, 10, 6, 8, tzinfo=UTC)
PRESENT, ABSENT, UNDONE = AttendanceState.PRESENT, AttendanceState.ABSENT, AttendanceState.UNDONE
THERE = Called(PRESENT, arrived=450, at=EIGHT)
AWAY = Called(ABSENT, "sick", at=EIGHT)
LATER, BEFORE = EIGHT + timedelta(minutes=5), EIGHT - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("known", "about", "value", "at", "found"),
    [
        (Called(), "presence", "present", EIGHT, Called(PRESENT, at=EIGHT)),
        (Called(), "arrived", "450", EIGHT, THERE),
        (THERE, "presence", "absent", LATER, Called(ABSENT, at=LATER)),
        (THERE, "presence", "undone", LATER, Called(UNDONE, at=LATER)),
        (AWAY, "presence", "present", LATER, Called(PRESENT, at=LATER)),
        (AWAY, "departed", "500", LATER, Called(PRESENT, departed=500, at=LATER)),
        (AWAY, "reason", "", LATER, Called(ABSENT, at=LATER)),
        (THERE, "arrived", "", LATER, Called(PRESENT, at=LATER)),
        (THERE, "fetched_by", "  Ana   Petit ", LATER, Called(PRESENT, "", 450, None, "Ana Petit", LATER)),
        (THERE, "departed", "500", BEFORE, Called(PRESENT, "", 450, 500, at=EIGHT)),  # it fills in
    ],
)
def test_a_word_is_noted(known, about, value, at, found) -> None:
    assert after(known, about, value, at) == found


@pytest.mark.parametrize(
    ("known", "about", "value", "at"),
    [
        (THERE, "presence", "absent", BEFORE),
        (AWAY, "presence", "present", BEFORE),
        (THERE, "arrived", "440", BEFORE),
        (AWAY, "departed", "500", BEFORE),
        (AWAY, "reason", "strike", BEFORE),
        (THERE, "reason", "sick", LATER),  # who is there has none
        (AWAY, "fetched_by", "Ana Petit", LATER),
    ],
)
def test_a_word_that_another_stands_against_changes_nothing(known, about, value, at) -> None:
    assert after(known, about, value, at) is known


@pytest.mark.parametrize(
    ("about", "value"), [("presence", "asleep"), ("arrived", "1440"), ("departed", "-1"), ("arrived", "noon")]
)
def test_what_is_no_value_is_refused(about, value) -> None:
    with pytest.raises(ValueError):
        after(Called(), about, value, EIGHT)


def test_nobody_leaves_before_it_came() -> None:
    assert Called(PRESENT, arrived=450, departed=450).is_possible
    assert not Called(PRESENT, arrived=450, departed=449).is_possible
