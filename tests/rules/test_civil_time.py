"""The time on the wall in Paris, when the clocks move and at midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.rules.deadlines import PARIS, is_open, last_minute, later, minutes, paris


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_the_hour_that_comes_twice_is_not_open_twice() -> None:
    closes = paris(date(2019, 10, 27), 150)  # 02:30, in summer
    assert closes.astimezone(UTC).hour == 0
    assert is_open(closes - timedelta(minutes=1), closes)
    assert not is_open(wall("2019-10-27T02:15").replace(fold=1), closes)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2018"):
        is_open(wall("2018-08-30").replace(tzinfo=None), wall("2018-08-30"))


@pytest.mark.parametrize(
    ("closes", "said"),
    [
        pytest.param("2018-08-30T00:00", "2018-08-29T23:59", id="midnight is Wednesday at 23:59"),
        pytest.param("2019-01-01T00:00", "2018-12-31T23:59", id="midnight of the new year"),
        pytest.param("2019-04-01T00:00", "2019-03-31T23:59", id="midnight of a day of 23 hours"),
        pytest.param("2022-09-01T12:00", "2022-09-01T12:00", id="noon is noon"),
        pytest.param("2022-09-01T00:01", "2022-09-01T00:01", id="a minute past midnight is itself"),
        pytest.param("2022-09-01T01:00", "2022-09-01T01:00", id="one in the morning is itself"),
    ],
)
def test_the_last_minute_is_said_as_people_do(closes: str, said: str) -> None:
    assert last_minute(wall(closes)) == wall(said)
    assert last_minute(wall(closes).astimezone(UTC)) == wall(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00:00", 0), ("07:30", 450), ("12:00", 720), ("23:58", 1438), ("23:59", 1440), ("24:00", 1440)],
)
def test_a_time_of_day_is_read(text: str, expected: int) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize(
    "text", ["", "7:30", "24:01", "25:00", "12:60", "12h00", "12:00 ", "12:00:00", "-1:00", "١٢:٠٠"]
)
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        minutes(text)


@pytest.mark.parametrize(
    ("day", "after_midnight", "utc"),
    [
        pytest.param("2019-03-30", 1440, "2019-03-30T23:00", id="the end of the eve of summer time"),
        pytest.param("2019-03-31", 720, "2019-03-31T10:00", id="noon in summer time"),
        pytest.param("2019-03-31", 1440, "2019-03-31T22:00", id="the end of a day of 23 hours"),
        pytest.param("2019-03-31", 150, "2019-03-31T01:30", id="the hour that spring skips is moved on"),
        pytest.param("2019-10-27", 1440, "2019-10-27T23:00", id="the end of a day of 25 hours"),
    ],
)
def test_paris_time(day: str, after_midnight: int, utc: str) -> None:
    assert paris(date.fromisoformat(day), after_midnight) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_closing_moment_may_be_moved_by_hours() -> None:
    assert later(wall("2019-03-30T12:00"), hours=24) == wall("2019-03-31T13:00")
    assert later(wall("2019-03-31T13:00"), hours=-24) == wall("2019-03-30T12:00")
