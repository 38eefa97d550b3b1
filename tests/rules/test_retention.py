"""How long things are kept: months before a day, and school years that are over."""

from datetime import date

import pytest

from models.rules.families.retention import DURATIONS, earlier, ended_years, kept


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 9, 1), 36, date(2023, 9, 1)),
    ],
)
def test_months_before(day: date, months: int, found: date) -> None:
    assert earlier(day, months) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 1, 1), date(2025, 9, 1)),
    ],
)
def test_a_school_year_is_over_in_september(day: date, found: date) -> None:
    assert ended_years(day) == found


def test_a_commune_chooses_some_of_them() -> None:
    assert all(one.least <= one.usual <= one.most for one in DURATIONS)
    assert kept(None) == {one.code: one.usual for one in DURATIONS}
    assert kept({"messages": 12}) == kept(None) | {"messages": 12}
