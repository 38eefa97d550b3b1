"""Which days are open: the four portals' years, then what holds for every day."""

from dataclasses import replace
from datetime import date

import pytest

from models.rules.calendar import (
    Day,
    Kind,
    SchoolCalendar,
    Span,
    Timetable,
    day_of,
    is_school_day,
    is_working,
    month,
    open_days,
)
from models.rules.deadlines import DayFacts, WeekBefore, is_open, minutes, paris
from tests.rules.calendars import LEZIGNAN

MON, TUE, WED, THU, FRI = range(5)
SCHOOL_WEEK = frozenset({MON, TUE, THU, FRI})
CANTINE = Timetable("cantine", SCHOOL_WEEK, date(2016, 9, 1), date(2017, 7, 7))
GARDERIE = Timetable("garderie", SCHOOL_WEEK, date(2016, 9, 12), date(2017, 6, 30))
WEEKDAYS = frozenset(range(5))
CENTRE = Timetable("centre", WEEKDAYS, date(2016, 9, 1), date(2017, 8, 31), "holidays")
LUDOTHEQUE = Timetable("ludotheque", WEEKDAYS, date(2016, 9, 1), date(2017, 8, 31), "both")

ALIXAN = SchoolCalendar(
    starts=date(2022, 9, 1),
    ends=date(2023, 7, 7),
    holidays=(
        Span(date(2022, 10, 22), date(2022, 11, 6), "Vacances de la Toussaint"),
        Span(date(2022, 12, 17), date(2023, 1, 2), "Vacances de Noël"),
        Span(date(2023, 2, 4), date(2023, 2, 19), "Vacances d’hiver"),
        Span(date(2023, 4, 8), date(2023, 4, 23), "Vacances de printemps"),
        Span(date(2023, 5, 19), date(2023, 5, 21), "Pont de l’Ascension"),
        Span(date(2023, 7, 8), date(2023, 9, 3), "Vacances d’été"),
    ),
    public_holidays={
        date(2022, 11, 1): "Toussaint",
        date(2022, 11, 11): "Armistice 1918",
        date(2023, 4, 10): "Lundi de Pâques",
        date(2023, 5, 1): "Fête du Travail",
        date(2023, 5, 8): "Victoire 1945",
        date(2023, 5, 18): "Ascension",
        date(2023, 5, 29): "Lundi de Pentecôte",
    },
    closures=(),
)


@pytest.mark.parametrize(
    ("timetable", "school", "day", "expected"),
    [
        pytest.param(CANTINE, "village", "2016-10-03", Day(Kind.open), id="a Monday of school"),
        pytest.param(CANTINE, "village", "2016-10-05", Day(Kind.never), id="no canteen on Wednesdays"),
        pytest.param(CANTINE, "village", "2016-10-08", Day(Kind.never), id="nor on Saturdays"),
        pytest.param(CANTINE, "village", "2016-08-30", Day(Kind.never), id="not yet opened"),
        pytest.param(CANTINE, "village", "2016-09-01", Day(Kind.open), id="the first day"),
        pytest.param(CANTINE, "village", "2017-07-07", Day(Kind.open), id="the last day"),
        pytest.param(CANTINE, "village", "2017-07-10", Day(Kind.never), id="over for the year"),
        pytest.param(GARDERIE, "village", "2016-09-09", Day(Kind.never), id="opens later than school"),
        pytest.param(CANTINE, "village", "2016-10-18", Day(Kind.open), id="Toussaint has not begun"),
        pytest.param(
            CANTINE,
            "village",
            "2016-10-20",
            Day(Kind.holiday, "Vacances de la Toussaint"),
            id="Toussaint has begun",
        ),
        pytest.param(CANTINE, "village", "2016-11-03", Day(Kind.open), id="back from Toussaint"),
        pytest.param(
            CANTINE, "village", "2016-11-01", Day(Kind.public, "Toussaint"), id="public before holidays"
        ),
        pytest.param(
            CANTINE, "village", "2016-11-11", Day(Kind.public, "Armistice 1918"), id="public before closure"
        ),
        pytest.param(
            CANTINE, "village", "2016-11-10", Day(Kind.closed, "Travaux"), id="works in this school"
        ),
        pytest.param(CANTINE, "autre", "2016-11-10", Day(Kind.open), id="works in another school"),
        pytest.param(CANTINE, None, "2016-11-10", Day(Kind.open), id="works in a school, and no school"),
        pytest.param(
            CANTINE, None, "2016-09-15", Day(Kind.closed, "Grève"), id="a strike of all, and no school"
        ),
        pytest.param(CANTINE, "village", "2016-11-22", Day(Kind.closed, "Cuisine en panne"), id="no kitchen"),
        pytest.param(GARDERIE, "village", "2016-11-22", Day(Kind.open), id="no kitchen, still the garderie"),
        pytest.param(
            CANTINE, "village", "2016-12-05", Day(Kind.closed, "Sortie"), id="both must match: they do"
        ),
        pytest.param(CANTINE, "autre", "2016-12-05", Day(Kind.open), id="both must match: another school"),
        pytest.param(
            GARDERIE, "village", "2016-12-05", Day(Kind.open), id="both must match: another activity"
        ),
        pytest.param(
            CANTINE, "village", "2016-12-19", Day(Kind.closed, "Chaudière"), id="closure before holidays"
        ),
        pytest.param(
            CANTINE, "village", "2017-05-26", Day(Kind.holiday, "Pont de l’Ascension"), id="the bridge day"
        ),
        pytest.param(CENTRE, "village", "2016-10-18", Day(Kind.never), id="holidays only, on a school day"),
        pytest.param(
            CENTRE, "village", "2016-11-11", Day(Kind.never), id="holidays only, a public holiday of term"
        ),
        pytest.param(CENTRE, "village", "2016-10-20", Day(Kind.open), id="holidays only, in the holidays"),
        pytest.param(
            CENTRE, "village", "2016-11-01", Day(Kind.public, "Toussaint"), id="holidays only, public holiday"
        ),
        pytest.param(CENTRE, "village", "2017-07-10", Day(Kind.open), id="holidays only, in summer"),
        pytest.param(
            CENTRE, "village", "2016-12-19", Day(Kind.closed, "Chaudière"), id="holidays only, no heating"
        ),
        pytest.param(LUDOTHEQUE, None, "2016-10-18", Day(Kind.open), id="both, on a school day"),
        pytest.param(LUDOTHEQUE, None, "2016-10-20", Day(Kind.open), id="both, in the holidays"),
        pytest.param(
            LUDOTHEQUE, None, "2017-07-14", Day(Kind.public, "Fête nationale"), id="both, a public holiday"
        ),
    ],
)
def test_what_a_day_is(timetable: Timetable, school: str | None, day: str, expected: Day) -> None:
    assert day_of(LEZIGNAN, timetable, school, date.fromisoformat(day)) == expected


def test_an_activity_of_school_days_never_opens_outside_the_school_year() -> None:
    always = Timetable("cantine", WEEKDAYS, date(2016, 1, 1), date(2018, 12, 31))
    kinds = {
        day: day_of(LEZIGNAN, always, None, date.fromisoformat(day)).kind
        for day in ("2016-08-31", "2017-07-10")
    }
    assert kinds == {"2016-08-31": Kind.never, "2017-07-10": Kind.holiday}
    assert day_of(LEZIGNAN, always, None, date(2017, 9, 4)).kind is Kind.never


def test_the_days_before_the_first_school_day_are_for_the_holidays() -> None:
    early = Timetable("centre", WEEKDAYS, date(2016, 8, 1), date(2017, 8, 31), "holidays")
    assert day_of(LEZIGNAN, early, None, date(2016, 8, 31)).kind is Kind.open
    assert day_of(LEZIGNAN, early, None, date(2016, 9, 1)).kind is Kind.never


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2016-10-20", True, id="the mairie works in the holidays"),
        pytest.param("2016-09-15", True, id="and when the school is on strike"),
        pytest.param("2016-10-05", True, id="and on Wednesdays"),
        pytest.param("2016-10-08", False, id="not on Saturdays"),
        pytest.param("2016-10-09", False, id="nor on Sundays"),
        pytest.param("2016-11-11", False, id="nor on public holidays"),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert is_working(LEZIGNAN, date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "school", "expected"),
    [
        pytest.param("2016-10-03", "village", True, id="a Monday"),
        pytest.param(
            "2016-10-05", "village", True, id="Wednesdays count where there is school, whatever opens then"
        ),
        pytest.param("2016-10-08", "village", False, id="Saturdays do not"),
        pytest.param("2016-10-20", "village", False, id="holidays"),
        pytest.param("2016-11-11", "village", False, id="a public holiday"),
        pytest.param("2016-08-31", "village", False, id="before the year"),
        pytest.param("2017-07-07", "village", True, id="the last day"),
        pytest.param("2017-09-04", "village", False, id="after the year"),
        pytest.param("2016-09-15", None, False, id="a closure of every school"),
        pytest.param("2016-11-10", "village", False, id="a closure of this school"),
        pytest.param("2016-11-10", "autre", True, id="a closure of another school"),
        pytest.param("2016-11-22", "village", True, id="a closure of the canteen only"),
    ],
)
def test_school_days(day: str, school: str | None, expected: bool) -> None:
    assert is_school_day(LEZIGNAN, date.fromisoformat(day), school) is expected


def test_school_has_four_days_unless_the_year_or_the_school_says_otherwise() -> None:
    wednesday = date(2022, 9, 14)
    assert not is_school_day(ALIXAN, wednesday, "village")
    assert is_school_day(replace(ALIXAN, weekdays=WEEKDAYS), wednesday, "village")
    own = replace(ALIXAN, school_weekdays={"village": WEEKDAYS, "autre": frozenset({MON})})
    assert is_school_day(own, wednesday, "village")
    assert not is_school_day(own, wednesday, None)
    assert [is_school_day(own, date(2022, 9, day), "autre") for day in (12, 13)] == [True, False]


def test_a_saturday_of_school_counts_unless_it_is_a_public_holiday() -> None:
    saturdays = replace(LEZIGNAN, weekdays=SCHOOL_WEEK | {5}, public_holidays={date(2016, 10, 8): "Fête"})
    assert is_school_day(saturdays, date(2016, 10, 1), "village")
    assert not is_school_day(saturdays, date(2016, 10, 8), "village")


def test_a_year_of_mondays_and_thursdays_in_alixan_is_68_days() -> None:
    repas = Timetable("cantine", SCHOOL_WEEK, date(2022, 9, 1), date(2023, 7, 7))
    found = list(open_days(ALIXAN, repas, "alixan", date(2022, 7, 4), date(2023, 7, 7)))
    assert sum(day.weekday() == MON for day in found) == 32
    assert sum(day.weekday() == THU for day in found) == 36


def test_whole_month_of_june_for_sarah_is_eight_days() -> None:
    lutins = SchoolCalendar(date(2017, 9, 4), date(2018, 7, 6), (), {}, ())
    repas = Timetable("cantine", SCHOOL_WEEK, date(2017, 9, 4), date(2018, 7, 6))
    facts = DayFacts(
        720,
        lambda day: is_working(lutins, day),
        lambda day: is_school_day(lutins, day, "bourg"),
        lambda day: False,
    )
    rule, now = WeekBefore(TUE, minutes("24:00")), paris(date(2018, 6, 6), 540)
    june = open_days(lutins, repas, "bourg", *month(now.date()))
    still = [day.day for day in june if is_open(now, rule.closes(day, facts))]
    assert still == [18, 19, 21, 22, 25, 26, 28, 29]
