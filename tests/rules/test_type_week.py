from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import days
from models.rules.type_week import chosen, parity

SOME_DAY = st.dates(date(2016, 1, 1), date(2030, 12, 31))
LENGTH = st.integers(-3, 400)
TICKS = st.frozensets(st.tuples(st.integers(0, 1), st.integers(0, 6)))


def test_mondays_and_thursdays_of_a_fortnight() -> None:
    ticks = frozenset({(0, 0), (0, 3)})
    assert [day.day for day in chosen(ticks, date(2018, 9, 3), date(2018, 9, 14))] == [3, 6, 10, 13]


def test_weeks_a_and_b_alternate_across_the_new_year() -> None:
    ticks = frozenset({(0, 0), (1, 4)})
    found = list(chosen(ticks, date(2018, 12, 17), date(2019, 1, 13), week_a=date(2018, 12, 19)))
    assert found == [date(2018, 12, 17), date(2018, 12, 28), date(2018, 12, 31), date(2019, 1, 11)]


def test_without_alternation_week_b_counts_for_nothing() -> None:
    assert list(chosen(frozenset({(1, 0)}), date(2018, 9, 3), date(2018, 9, 30))) == []


@given(ticks=TICKS, first=SOME_DAY, length=LENGTH, week_a=SOME_DAY)
def test_each_day_is_in_the_period_ticked_and_of_its_week(
    ticks: frozenset[tuple[int, int]], first: date, length: int, week_a: date
) -> None:
    last = first + timedelta(days=length)
    found = list(chosen(ticks, first, last, week_a))
    assert found == sorted(set(found))
    for day in days(first, last):
        weeks_away = (day - timedelta(days=day.weekday()) - week_a).days // 7 + 1
        letter = (weeks_away if week_a.weekday() else weeks_away - 1) % 2
        assert (day in found) == ((letter, day.weekday()) in ticks)
    assert all(first <= day <= last for day in found)


@given(ticks=TICKS, first=SOME_DAY, length=LENGTH)
def test_without_alternation_all_weeks_are_week_a(
    ticks: frozenset[tuple[int, int]], first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    meant = {weekday for week, weekday in ticks if week == 0}
    assert list(chosen(ticks, first, last)) == [day for day in days(first, last) if day.weekday() in meant]


@given(day=SOME_DAY, week_a=SOME_DAY)
def test_the_week_after_a_is_b(day: date, week_a: date) -> None:
    assert parity(week_a, week_a) == 0
    assert {parity(day, week_a), parity(day + timedelta(weeks=1), week_a)} == {0, 1}
