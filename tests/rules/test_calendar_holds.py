"""What every day keeps, whatever the timetable."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import (
    Kind,
    On,
    Timetable,
    day_of,
    days,
    is_school_day,
    is_working,
    open_days,
)
from tests.rules.calendars import LEZIGNAN

WEEKDAYS = frozenset(range(5))

some_days = st.dates(date(2016, 6, 1), date(2017, 12, 31))
schools = st.sampled_from(["village", "autre", None])
ons: st.SearchStrategy[On] = st.sampled_from(["school_days", "holidays", "both"])
timetables = st.builds(
    Timetable,
    st.sampled_from(["cantine", "garderie"]),
    st.frozensets(st.integers(0, 6)),
    some_days,
    some_days,
    ons,
)


@given(timetables, schools, some_days)
def test_a_day_says_why_it_is_closed_and_nothing_else(
    timetable: Timetable, school: str | None, day: date
) -> None:
    found = day_of(LEZIGNAN, timetable, school, day)
    assert bool(found.reason) is (found.kind not in (Kind.open, Kind.never))


@given(timetables, schools, some_days)
def test_a_day_outside_the_timetable_is_never_open(
    timetable: Timetable, school: str | None, day: date
) -> None:
    outside = day.weekday() not in timetable.weekdays or not timetable.opens <= day <= timetable.closes
    kind = day_of(LEZIGNAN, timetable, school, day).kind
    if outside:
        assert kind is Kind.never
    elif timetable.on == "both":
        assert kind is not Kind.never


@given(st.sampled_from(["cantine", "garderie"]), schools, some_days)
def test_both_is_school_days_and_holidays_without_overlap(code: str, school: str | None, day: date) -> None:
    def is_free(on: On) -> bool:
        everyday = Timetable(code, frozenset(range(7)), date(2016, 1, 1), date(2018, 1, 1), on)
        return day_of(LEZIGNAN, everyday, school, day).kind is Kind.open

    assert is_free("both") is (is_free("school_days") or is_free("holidays"))
    assert not (is_free("school_days") and is_free("holidays"))


@given(timetables, schools, some_days, some_days)
def test_open_days_are_the_days_that_are_open(
    timetable: Timetable, school: str | None, start: date, end: date
) -> None:
    every = [day for day in days(start, end) if day_of(LEZIGNAN, timetable, school, day).kind is Kind.open]
    assert list(open_days(LEZIGNAN, timetable, school, start, end)) == every


@given(schools, some_days)
def test_a_school_day_is_a_working_day_on_which_the_canteen_could_open(school: str | None, day: date) -> None:
    canteen = Timetable("autre", WEEKDAYS, date(2016, 1, 1), date(2018, 1, 1))
    assert is_school_day(LEZIGNAN, day, school) is (day_of(LEZIGNAN, canteen, school, day).kind is Kind.open)
    assert not is_school_day(LEZIGNAN, day, school) or is_working(LEZIGNAN, day)
