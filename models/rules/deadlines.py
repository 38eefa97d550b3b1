"""Until when may a day be booked or cancelled?

Deadlines are civil time in Paris: « mercredi minuit » stays midnight when the clocks move. Two moments are
compared in UTC: Python would compare the clock faces of one zone, and in October a face comes back.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
END_OF_DAY = 1440
LONGEST_BREAK = 100  # days; no holiday is longer, so beyond it the calendar is simply not known

Count = Literal["calendar", "working", "school", "opening"]
Moved = Literal["", "previous_working_day"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as the commune file writes them
A_YEAR = 366  # days
NEVER = {"rule": "never"}  # the one line of a list that sets no limit: what is booked is not cancelled
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # when that was still possible

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class NoRule(LookupError):
    """No deadline covers the weekday of this day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What a rule may ask about the days: slot's start, mairie's days, child's school days, the activity's."""

    starts: int  # minutes after midnight
    is_working: Callable[[date], bool]
    is_school: Callable[[date], bool]
    is_opening: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Key:
    """What a rule's line in the commune file says under a name: a whole number, a weekday, a clock or a word.

    A word whose default is empty is left out of the line where it says nothing.
    """

    name: str
    kind: Literal["whole", "weekday", "clock", "word"] = "whole"
    what: str = ""  # of a whole number: its unit, as the file's reader says it
    least: int = 0
    most: int = A_YEAR
    default: int | str | None = None  # None: it must be said
    words: tuple[str, ...] = ()

    def value(self, line: Mapping[str, Any]) -> Any:
        """What the rule keeps of it: weekdays count from Monday, clocks are minutes. Raises KeyError, ValueError."""
        said = line[self.name] if self.default is None else line.get(self.name, self.default)
        if self.kind == "weekday":
            return WEEKDAYS.index(said)
        return minutes(said) if self.kind == "clock" else said


WEEKDAY, AT = Key("weekday", "weekday"), Key("at", "clock")
MOVED = Key(
    "moved", "word", default="", words=("previous_working_day",)
)  # when the mairie is closed on that day


# A kind of rule is one class: its name and its keys in the commune file, and when it closes. What else there is about
# it (the file's checks, the row's reading) goes by these.


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """Closes some days before; only the days of the count are counted."""

    KIND: ClassVar = "days_before"
    KEYS: ClassVar = (
        Key("days", what="en jours"),
        AT,
        Key("count", "word", default="calendar", words=("calendar", "working", "school", "opening")),
        MOVED,
    )

    days: int
    at: int  # minutes after midnight in Paris, 1440 is the end of the day
    count: Count = "calendar"
    moved: Moved = ""

    def closes(self, day: date, facts: DayFacts) -> datetime:
        return _limit(self._back(day, facts), self.at, self.moved, facts)

    def _back(self, day: date, facts: DayFacts) -> date:
        """Where there have been too few days of school, or of the activity, working days count."""
        found = None
        if self.count == "school":
            found = _count_back(day, self.days, facts.is_school)
        elif self.count == "opening":
            found = _count_back(day, self.days, facts.is_opening)
        if found is None and self.count != "calendar":
            found = _count_back(day, self.days, facts.is_working)
        return found or day - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class WeekBefore:
    """Closes on a given weekday (Monday is 0) some weeks before."""

    KIND: ClassVar = "week_before"
    KEYS: ClassVar = (
        WEEKDAY,
        AT,
        Key("weeks", what="en semaines", least=1, most=A_YEAR // 7, default=1),
        MOVED,
    )

    weekday: int
    at: int
    weeks: int = 1
    moved: Moved = ""

    def closes(self, day: date, facts: DayFacts) -> datetime:
        monday = day - timedelta(days=day.weekday() + 7 * self.weeks)
        return _limit(monday + timedelta(days=self.weekday), self.at, self.moved, facts)


@dataclass(frozen=True, slots=True)
class PreviousWeekday:
    """Closes on the last such weekday strictly before the day."""

    KIND: ClassVar = "previous_weekday"
    KEYS: ClassVar = (WEEKDAY, AT, MOVED)

    weekday: int
    at: int
    moved: Moved = ""

    def closes(self, day: date, facts: DayFacts) -> datetime:
        back = (day.weekday() - self.weekday - 1) % 7 + 1
        return _limit(day - timedelta(days=back), self.at, self.moved, facts)


@dataclass(frozen=True, slots=True)
class HoursBefore:
    """Closes some hours, as the clock on the wall shows them, before the slot starts: 72 is the same hour three days
    before, whatever the clocks did. In the hour that spring skips it closes an hour further on; in the hour that
    autumn repeats, the first time. At 23:59 it closes with that minute, as every limit that is said so.
    """

    KIND: ClassVar = "hours_before"
    KEYS: ClassVar = (Key("hours", what="en heures", most=24 * A_YEAR), MOVED)

    hours: int
    moved: Moved = ""

    def closes(self, day: date, facts: DayFacts) -> datetime:
        days, at = divmod(facts.starts - 60 * self.hours, END_OF_DAY)
        minute = END_OF_DAY if at == END_OF_DAY - 1 else at
        return _limit(day + timedelta(days=days), minute, self.moved, facts)


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """Closes on day n of the month before; a shorter month closes on its last day."""

    KIND: ClassVar = "month_before"
    KEYS: ClassVar = (Key("day", what="un jour du mois de 1 à 31", least=1, most=31), AT, MOVED)

    day: int
    at: int
    moved: Moved = ""

    def closes(self, day: date, facts: DayFacts) -> datetime:
        last = day.replace(day=1) - timedelta(days=1)
        length = monthrange(last.year, last.month)[1]
        return _limit(last.replace(day=min(self.day, length)), self.at, self.moved, facts)


Rule = DaysBefore | WeekBefore | PreviousWeekday | HoursBefore | MonthBefore
KINDS: Mapping[str, type[Rule]] = {kind.KIND: kind for kind in get_args(Rule)}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A rule, and the weekdays it is for (None is every day)."""

    days: frozenset[int] | None
    rule: Rule


def deadline_of(line: Mapping[str, Any]) -> Deadline:
    """The deadline that a line of the commune file writes. Raises KeyError or ValueError when it is not one."""
    kind = KINDS[line["rule"]]
    days = frozenset(WEEKDAYS.index(day) for day in line["for"]) if "for" in line else None
    return Deadline(days, kind(*(key.value(line) for key in kind.KEYS)))


def deadlines_of(lines: Iterable[Mapping[str, Any]]) -> tuple[Deadline, ...]:
    """Those that a list writes; none where it says « never »."""
    return tuple(deadline_of(line) for line in lines if line != NEVER)


def closing(deadlines: Sequence[Deadline], day: date, facts: DayFacts) -> datetime:
    """The moment at which the day closes: the first deadline that holds its weekday decides."""
    for deadline in deadlines:
        if deadline.days is None or day.weekday() in deadline.days:
            return deadline.rule.closes(day, facts)
    raise NoRule(day)


def covers(deadlines: Sequence[Deadline], day: date) -> bool:
    """Does one of them hold the weekday of this day?"""
    return any(deadline.days is None or day.weekday() in deadline.days for deadline in deadlines)


def is_open(now: datetime, closes: datetime) -> bool:
    """Closed at the instant itself."""
    return utc(now) < utc(closes)


def last_minute(closes: datetime) -> datetime:
    """The moment as people say it: midnight is 23:59 of the evening before."""
    local = utc(closes).astimezone(PARIS)
    if (local.hour, local.minute) != (0, 0):
        return local
    return paris(local.date() - timedelta(days=1), END_OF_DAY - 1)


def minutes(text: str) -> int:
    """Minutes after midnight of "HH:MM". "24:00" and "23:59", whose minute is whole, end the day."""
    if text in ("24:00", "23:59"):
        return END_OF_DAY
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def paris(day: date, minutes: int) -> datetime:
    """The time on the wall in Paris; 1440 is the end of the day. The hour that spring skips is moved on."""
    wall = datetime.combine(day, time(), PARIS) + timedelta(minutes=minutes)
    return utc(wall).astimezone(PARIS)


def later(moment: datetime, *, hours: int) -> datetime:
    """So many elapsed hours later (earlier when negative), told in Paris time."""
    return (utc(moment) + timedelta(hours=hours)).astimezone(PARIS)


def utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC)


def _limit(day: date, at: int, moved: Moved, facts: DayFacts) -> datetime:
    """The instant; where it moves, one of a day on which the mairie is closed is on the working day before."""
    if moved and not facts.is_working(day):
        day = _count_back(day, 1, facts.is_working) or day
    return paris(day, at)


def _count_back(day: date, days: int, counts: Callable[[date], bool]) -> date | None:
    """The day that has so many counted days between itself, included, and the day. None when they run out."""
    counted, idle = day, 0
    while days > 0:
        day -= timedelta(days=1)
        idle += 1
        if counts(day):
            counted, days, idle = day, days - 1, 0
        if idle > LONGEST_BREAK:
            return None
    return counted
