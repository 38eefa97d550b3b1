"""The month, the fortnight and the week that a screen shows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import View, fortnight, month, period, step, week

some_days = st.dates(date(2016, 6, 1), date(2017, 12, 31))
views: st.SearchStrategy[View] = st.sampled_from(["mois", "quinzaine", "semaine"])


def test_periods_of_the_screen() -> None:
    day = date(2018, 9, 5)
    assert month(day) == (date(2018, 9, 1), date(2018, 9, 30))
    assert week(day) == (date(2018, 9, 3), date(2018, 9, 9))
    assert fortnight(day) == (date(2018, 9, 3), date(2018, 9, 16))
    assert month(date(2020, 2, 29)) == (date(2020, 2, 1), date(2020, 2, 29))
    assert week(date(2018, 9, 9)) == week(date(2018, 9, 3)) == week(day)
    assert period("mois", day) == month(day)
    assert period("quinzaine", day) == fortnight(day)
    assert period("semaine", day) == week(day)


@pytest.mark.parametrize(
    ("view", "day", "n", "first"),
    [
        ("mois", "2018-09-05", 1, "2018-10-01"),
        ("mois", "2018-12-31", 1, "2019-01-01"),
        ("mois", "2019-01-31", -1, "2018-12-01"),
        ("mois", "2019-01-31", -14, "2017-11-01"),
        ("mois", "2018-03-31", 0, "2018-03-01"),
        ("quinzaine", "2018-09-05", 1, "2018-09-17"),
        ("quinzaine", "2018-09-05", -1, "2018-08-20"),
        ("semaine", "2018-09-09", 1, "2018-09-10"),
        ("semaine", "2018-09-09", -1, "2018-08-27"),
    ],
)
def test_stepping_from_period_to_period(view: View, day: str, n: int, first: str) -> None:
    assert step(view, date.fromisoformat(day), n) == date.fromisoformat(first)


@given(views, some_days, st.integers(-30, 30))
def test_periods_follow_each_other_without_a_gap(view: View, day: date, n: int) -> None:
    first, last = period(view, day)
    assert first <= day <= last
    assert period(view, last)[0] == first or view == "quinzaine"
    assert step(view, day, 0) == first
    assert step(view, day, 1) == last + timedelta(days=1)
    assert step(view, step(view, day, n), -n) == first
