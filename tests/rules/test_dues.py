"""What counts as late, and when it suspends a family's bookings."""

from datetime import date

import pytest

from models.rules.dues import credit_moves, late_for, suspends

DEBTS = [(1000, date(2025, 6, 30)), (500, date(2025, 9, 4))]


@pytest.mark.parametrize(
    ("days", "today", "late"),
    [
        (0, date(2025, 6, 30), 0),  # its day is the last one to pay
        (0, date(2025, 7, 1), 1000),
        (60, date(2025, 8, 29), 0),
        (60, date(2025, 8, 30), 1000),  # for more than sixty days
        (60, date(2025, 11, 3), 1000),
        (60, date(2025, 11, 4), 1500),
        (0, date(2025, 11, 3), 1500),
    ],
)
def test_what_is_late_for_so_many_days(days: int, today: date, late: int) -> None:
    assert late_for(DEBTS, days, today) == late


@pytest.mark.parametrize(
    ("late", "credit", "above", "suspended"),
    [(1500, 0, 1500, False), (1501, 0, 1500, True), (1501, 1, 1500, False), (99999, 0, None, False)],
)
def test_more_than_the_limit_suspends(late: int, credit: int, above: int | None, suspended: bool) -> None:
    assert suspends(late, credit, above) is suspended


def test_an_avoir_is_what_is_paid_beyond_what_is_owed() -> None:
    assert credit_moves([]) == []
    assert credit_moves([500, -800, -200, 400, 600, -100]) == [
        (0, 0), (300, 300), (200, 500), (-400, 100), (-100, 0), (0, 0),
    ]  # fmt: skip
