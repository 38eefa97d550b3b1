"""What every deadline keeps, whatever its numbers."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import deadlines
from models.rules.deadlines import (
    KINDS,
    PARIS,
    Count,
    DayFacts,
    DaysBefore,
    HoursBefore,
    MonthBefore,
    PreviousWeekday,
    Rule,
    WeekBefore,
    is_open,
    last_minute,
    paris,
)
from tests.rules.deadlines import YEAR, is_opening, is_school, is_working, rule_of, wall, written

NOON, MIDNIGHT = 720, 1440

FACTS = DayFacts(starts=NOON, is_working=is_working, is_school=is_school, is_opening=is_opening)

# Any day, and as often one of the only year of which the calendar of these tests knows the school days.
dates = st.one_of(st.dates(date(2016, 1, 1), date(2030, 12, 31)), st.dates(*YEAR))
times = st.integers(0, 1440)
daylight = st.integers(180, 1440)  # no clock moves after three in the morning
weekdays = st.integers(0, 6)
counts: st.SearchStrategy[Count] = st.sampled_from(["calendar", "working", "school", "opening"])
# At the end of the day itself, 0 days before, nothing has closed when it starts.
rules = st.one_of(*(written(kind, least=1).map(rule_of) for kind in KINDS))


@given(rules, dates)
def test_a_day_closes_before_its_slot_starts(rule: Rule, day: date) -> None:
    """A kind that may close on the day itself is excepted here, and says in a test of its own what it keeps."""
    closes = rule.closes(day, FACTS)
    assert closes < paris(day, FACTS.starts)
    if not isinstance(rule, HoursBefore):
        assert closes <= paris(day, 0)


@given(rules.filter(lambda rule: getattr(rule, "count", "") not in ("school", "opening")), dates)
def test_a_later_day_never_closes_earlier(rule: Rule, day: date) -> None:
    assert rule.closes(day, FACTS) <= rule.closes(day + timedelta(days=1), FACTS)


@given(weekdays, daylight, st.integers(1, 4), dates)
def test_a_week_before_keeps_its_weekday_and_its_clock(weekday: int, at: int, weeks: int, day: date) -> None:
    closes = WeekBefore(weekday, at, weeks).closes(day, FACTS)
    midnight = at == MIDNIGHT
    assert (closes.hour, closes.minute) == divmod(at % MIDNIGHT, 60)
    closed = closes.date() - timedelta(days=midnight)
    assert closed.weekday() == weekday
    monday = day - timedelta(days=day.weekday())
    assert monday - timedelta(weeks=weeks) <= closed < monday - timedelta(weeks=weeks - 1)
    assert WeekBefore(weekday, at, weeks).closes(monday, FACTS) == closes


@given(st.integers(1, 40), daylight, counts, dates)
def test_days_before_keep_their_clock(days: int, at: int, count: Count, day: date) -> None:
    closes = DaysBefore(days, at, count).closes(day, FACTS)
    assert (closes.hour, closes.minute) == divmod(at % MIDNIGHT, 60)


@given(st.integers(1, 15), dates)
def test_working_days_between_are_as_many_as_the_rule_says(days: int, day: date) -> None:
    counted = DaysBefore(days, 0, "working").closes(day, FACTS).date()
    between = [counted + timedelta(days=n) for n in range((day - counted).days)]
    assert sum(is_working(one) for one in between) == days
    assert is_working(counted)


@given(weekdays, daylight, dates)
def test_the_previous_weekday_is_in_the_seven_days_before(weekday: int, at: int, day: date) -> None:
    closed = PreviousWeekday(weekday, min(at, MIDNIGHT - 1)).closes(day, FACTS).date()
    assert closed.weekday() == weekday
    assert 1 <= (day - closed).days <= 7


@given(st.integers(1, 31), dates)
def test_the_month_before_ends_before_the_month(number: int, day: date) -> None:
    closed = MonthBefore(number, NOON).closes(day, FACTS).date()
    assert (day.year * 12 + day.month) - (closed.year * 12 + closed.month) == 1
    assert closed.day == min(number, monthrange(closed.year, closed.month)[1])


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        ("2027-03-30", "2027-03-27T11:45"),
        ("2026-10-26", "2026-10-23T11:45"),
        ("2027-03-16", "2027-03-13T11:45"),
    ],
)
def test_three_days_in_hours_end_at_the_same_hour_of_the_wall(day: str, closes: str) -> None:
    lunch = replace(FACTS, starts=11 * 60 + 45)
    assert HoursBefore(72).closes(date.fromisoformat(day), lunch) == wall(closes)


def test_hours_that_lead_to_23_59_last_to_the_end_of_that_minute() -> None:
    early = replace(FACTS, starts=7 * 60 + 59)
    assert HoursBefore(8).closes(date(2022, 9, 7), early) == wall("2022-09-07T00:00")


@given(st.integers(1, 200), dates)
def test_hours_before_are_hours_of_the_wall(hours: int, day: date) -> None:
    """The hour that spring skips is moved on."""
    closes = HoursBefore(hours).closes(day, FACTS)
    face = datetime.combine(day, time(12)) - timedelta(hours=hours)
    skipped = face.replace(tzinfo=PARIS).astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != face
    assert closes.replace(tzinfo=None) == face + timedelta(hours=skipped)


@given(rules, dates)
def test_the_minute_shown_is_the_last_one_that_is_open(rule: Rule, day: date) -> None:
    closes = rule.closes(day, FACTS)
    shown = last_minute(closes)
    assert (shown.hour, shown.minute) != (0, 0)
    if shown != closes:
        assert is_open(shown, closes)
        assert not is_open(shown.astimezone(UTC) + timedelta(minutes=1), closes)


def test_the_commune_file_knows_every_kind() -> None:
    there = {one for one in vars(deadlines).values() if isinstance(one, type) and hasattr(one, "KIND")}
    assert set(deadlines.KINDS.values()) == there, "name the class in `Rule`"
    assert [kind for kind, of in deadlines.KINDS.items() if kind != of.KIND] == []
