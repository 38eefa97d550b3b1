"""Until when a day can be changed: the four portals' own stories, then what holds for every day."""

from datetime import UTC, date, timedelta

import pytest

from models.rules.deadlines import (
    PARIS,
    DayFacts,
    DaysBefore,
    Deadline,
    HoursBefore,
    MonthBefore,
    NoRule,
    PreviousWeekday,
    Rule,
    WeekBefore,
    closing,
    is_open,
    minutes,
)
from tests.rules.deadlines import is_opening, is_school, is_working, wall

MON, TUE, WED, THU, FRI = range(5)
NOON, MIDNIGHT = 720, 1440

FACTS = DayFacts(starts=NOON, is_working=is_working, is_school=is_school, is_opening=is_opening)

LENS = WeekBefore(WED, minutes("24:00"))
LUTINS = WeekBefore(TUE, minutes("24:00"))
ALIXAN = WeekBefore(THU, minutes("12:00"))
EVE = DaysBefore(1, minutes("23:59"))
LEZIGNAN = DaysBefore(2, minutes("12:00"), "working")


@pytest.mark.parametrize(
    ("rule", "day", "closes"),
    [
        pytest.param(LENS, "2018-09-03", "2018-08-30T00:00", id="Lens closes at the end of Wednesday"),
        pytest.param(LENS, "2018-09-07", "2018-08-30T00:00", id="Lens closes the whole week at once"),
        pytest.param(LENS, "2019-04-01", "2019-03-28T00:00", id="Lens, before the clocks move"),
        pytest.param(LENS, "2019-04-08", "2019-04-04T00:00", id="Lens, after the clocks moved"),
        pytest.param(LENS, "2018-10-29", "2018-10-25T00:00", id="Lens, when winter time comes"),
        pytest.param(LUTINS, "2018-06-14", "2018-06-06T00:00", id="Les Lutins close at the end of Tuesday"),
        pytest.param(ALIXAN, "2022-09-05", "2022-09-01T12:00", id="Alixan closes on Thursday at noon"),
        pytest.param(ALIXAN, "2022-09-09", "2022-09-01T12:00", id="Alixan, the Friday of the same week"),
        pytest.param(WeekBefore(WED, NOON, 2), "2022-09-05", "2022-08-24T12:00", id="two weeks before"),
        pytest.param(EVE, "2022-09-05", "2022-09-05T00:00", id="the eve, to the end of 23:59"),
        pytest.param(EVE, "2019-04-01", "2019-04-01T00:00", id="the eve on the day the clocks move"),
        pytest.param(DaysBefore(0, 540), "2022-09-05", "2022-09-05T09:00", id="the morning itself"),
        pytest.param(
            DaysBefore(8, NOON), "2019-01-04", "2018-12-27T12:00", id="days before, over the new year"
        ),
        pytest.param(LEZIGNAN, "2016-11-10", "2016-11-08T12:00", id="Lézignan, before 11 November"),
        pytest.param(
            LEZIGNAN, "2016-11-14", "2016-11-09T12:00", id="Lézignan skips 11 November and the week-end"
        ),
        pytest.param(LEZIGNAN, "2016-11-15", "2016-11-10T12:00", id="Lézignan counts Monday then Thursday"),
        pytest.param(LEZIGNAN, "2016-10-03", "2016-09-29T12:00", id="Lézignan skips a week-end"),
        pytest.param(
            DaysBefore(2, NOON, "school"),
            "2016-11-03",
            "2016-10-18T12:00",
            id="school days skip the holidays",
        ),
        pytest.param(
            DaysBefore(2, NOON, "school"),
            "2016-11-04",
            "2016-10-19T12:00",
            id="one day after the holidays, one before",
        ),
        pytest.param(
            DaysBefore(2, NOON, "school"),
            "2016-09-01",
            "2016-08-30T12:00",
            id="no school before the first day: working",
        ),
        pytest.param(
            DaysBefore(2, NOON, "school"),
            "2016-09-02",
            "2016-08-31T12:00",
            id="too few school days: working days",
        ),
        pytest.param(
            PreviousWeekday(FRI, 600), "2022-09-05", "2022-09-02T10:00", id="the Friday before a Monday"
        ),
        pytest.param(
            PreviousWeekday(MON, 600), "2022-09-05", "2022-08-29T10:00", id="strictly before the day"
        ),
        pytest.param(
            PreviousWeekday(MON, 600), "2022-09-06", "2022-09-05T10:00", id="the Monday before a Tuesday"
        ),
        pytest.param(HoursBefore(48), "2022-09-07", "2022-09-05T12:00", id="48 hours before the slot"),
        pytest.param(HoursBefore(24), "2019-03-31", "2019-03-30T12:00", id="24 hours, one of them skipped"),
        pytest.param(HoursBefore(24), "2018-10-28", "2018-10-27T12:00", id="24 hours, one of them twice"),
        pytest.param(
            HoursBefore(10),
            "2019-03-31",
            "2019-03-31T03:00",
            id="hours before, at the hour that spring skips",
        ),
        pytest.param(
            HoursBefore(10), "2018-10-28", "2018-10-28T02:00", id="hours before, the first of October's two"
        ),
        pytest.param(HoursBefore(12), "2022-09-07", "2022-09-07T00:00", id="hours before, at midnight"),
        pytest.param(
            MonthBefore(20, NOON), "2019-01-15", "2018-12-20T12:00", id="the 20th of the month before"
        ),
        pytest.param(
            MonthBefore(31, MIDNIGHT), "2019-03-04", "2019-03-01T00:00", id="31 is the last of February"
        ),
        pytest.param(MonthBefore(31, NOON), "2020-03-02", "2020-02-29T12:00", id="31 in a leap year"),
        pytest.param(
            MonthBefore(31, NOON), "2018-09-03", "2018-08-31T12:00", id="31 is 31 when there is one"
        ),
    ],
)
def test_a_day_closes(rule: Rule, day: str, closes: str) -> None:
    moment = rule.closes(date.fromisoformat(day), FACTS)
    assert moment == wall(closes)
    assert moment.tzinfo is PARIS


@pytest.mark.parametrize(
    ("rule", "day", "now", "still_open"),
    [
        pytest.param(
            LENS, "2018-09-03", "2018-08-29T23:59:59", True, id="Lens, the last second of Wednesday"
        ),
        pytest.param(LENS, "2018-09-03", "2018-08-30T00:00:00", False, id="Lens, Thursday has come"),
        pytest.param(
            LENS, "2019-04-01", "2019-03-27T23:59:59", True, id="Lens across the clock change, open"
        ),
        pytest.param(
            LENS, "2019-04-01", "2019-03-28T00:00:00", False, id="Lens across the clock change, closed"
        ),
        pytest.param(ALIXAN, "2022-09-05", "2022-09-01T11:59:59", True, id="Alixan, just before noon"),
        pytest.param(ALIXAN, "2022-09-05", "2022-09-01T12:00:00", False, id="Alixan, at noon itself"),
        pytest.param(EVE, "2022-09-05", "2022-09-04T23:59:30", True, id="garderie, within the last minute"),
        pytest.param(EVE, "2022-09-05", "2022-09-05T00:00:00", False, id="garderie, the day has come"),
    ],
)
def test_open_to_the_last_second(rule: Rule, day: str, now: str, still_open: bool) -> None:
    closes = rule.closes(date.fromisoformat(day), FACTS)
    assert is_open(wall(now), closes) is still_open
    assert is_open(wall(now).astimezone(UTC), closes) is still_open


def test_the_first_deadline_that_holds_the_weekday_decides() -> None:
    deadlines = [
        Deadline(frozenset({MON}), PreviousWeekday(FRI, 600)),
        Deadline(frozenset({MON, TUE}), DaysBefore(1, 600)),
        Deadline(frozenset({THU}), DaysBefore(2, 600)),
    ]
    closes = {day: closing(deadlines, date(2022, 9, day), FACTS).day for day in (5, 6, 8)}
    assert closes == {5: 2, 6: 5, 8: 6}
    with pytest.raises(NoRule) as error:
        closing(deadlines, date(2022, 9, 7), FACTS)
    assert error.value.day == date(2022, 9, 7)


def test_a_deadline_without_weekdays_is_for_every_day() -> None:
    deadlines = [Deadline(frozenset({WED}), DaysBefore(3, NOON)), Deadline(None, DaysBefore(1, NOON))]
    assert closing(deadlines, date(2022, 9, 7), FACTS) == wall("2022-09-04T12:00")
    assert closing(deadlines, date(2022, 9, 8), FACTS) == wall("2022-09-07T12:00")
    with pytest.raises(NoRule):
        closing([], date(2022, 9, 8), FACTS)


def test_a_deadline_of_no_weekday_is_for_no_day() -> None:
    with pytest.raises(NoRule):
        closing([Deadline(frozenset(), DaysBefore(1, NOON))], date(2022, 9, 8), FACTS)


def test_days_that_are_never_counted_do_not_count_for_ever() -> None:
    nothing = DayFacts(NOON, *[lambda day: False] * 3)
    for count in ("working", "school", "opening"):
        rule = DaysBefore(2, NOON, count, "previous_working_day")
        assert rule.closes(date(2016, 11, 14), nothing) == wall("2016-11-12T12:00")


def test_the_first_school_day_counts_working_days_not_sundays() -> None:
    assert DaysBefore(5, NOON, "school").closes(date(2016, 9, 1), FACTS) == wall("2016-08-25T12:00")


def test_many_school_days_are_counted_through_every_holiday() -> None:
    closed = DaysBefore(120, NOON, "school").closes(date(2017, 6, 30), FACTS).date()
    assert sum(is_school(closed + timedelta(days=n)) for n in range((date(2017, 6, 30) - closed).days)) == 120


def test_school_days_count_through_a_summer_that_is_known() -> None:
    year = DayFacts(
        NOON,
        is_working,
        lambda day: is_working(day) and not date(2018, 7, 7) <= day < date(2018, 9, 3),
        is_opening,
    )
    assert DaysBefore(1, NOON, "school").closes(date(2018, 9, 3), year) == wall("2018-07-06T12:00")
