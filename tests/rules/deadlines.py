"""A calendar to count deadlines in, and any deadline that a commune may write, by the keys of its kind."""

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from models.rules.deadlines import KINDS, PARIS, WEEKDAYS, Key, Rule

PUBLIC = {date(2016, 11, 11), date(2018, 5, 8), date(2018, 5, 10), date(2018, 12, 25), date(2019, 1, 1)}
AUTUMN = (date(2016, 10, 20), date(2016, 11, 2))
YEAR = (date(2016, 9, 1), date(2017, 7, 7))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in PUBLIC


def is_school(day: date) -> bool:
    return is_working(day) and YEAR[0] <= day <= YEAR[1] and not AUTUMN[0] <= day <= AUTUMN[1]


def is_opening(day: date) -> bool:
    """An activity of Mondays and Thursdays."""
    return is_school(day) and day.weekday() in (0, 3)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


MOST = {"days": 15, "weeks": 4, "hours": 400}  # what the years of these tests have room for; 31 of any other
clocks = st.one_of(
    st.sampled_from(["00:00", "23:58", "23:59", "24:00", "02:30", "12:00"]),
    st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59)),
)


def written(kind: str, least: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """A line of the commune file with a rule of this kind, without « for »; no number in it is below `least`."""
    line = {key.name: _value(key, least) for key in KINDS[kind].KEYS}
    every = st.fixed_dictionaries({"rule": st.just(kind), **line})
    return every.map(lambda said: {name: value for name, value in said.items() if value != ""})


def _value(key: Key, least: int) -> st.SearchStrategy[Any]:
    match key.kind:
        case "whole":
            return st.integers(max(key.least, least), min(key.most, MOST.get(key.name, 31)))
        case "weekday":
            return st.sampled_from(WEEKDAYS)
        case "clock":
            return clocks
        case "word":
            return st.sampled_from(("", *key.words) if key.default == "" else key.words)


def rule_of(line: dict[str, Any]) -> Rule:
    kind = KINDS[line["rule"]]
    return kind(*(key.value(line) for key in kind.KEYS))
