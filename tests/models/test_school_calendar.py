"""Holidays by zone, as the packages say and the shipped table corrects."""

from datetime import date, timedelta

import pytest

from models.commune.school_calendar import (
    BRIDGES,
    holidays,
    is_known,
    public_holidays,
    school_calendar,
    subdivision_of,
)
from models.commune.school_year import Closure, SchoolYear
from models.rules.calendar import Kind, SchoolCalendar, Timetable, day_of, open_days

SCHOOL_WEEK = frozenset({0, 1, 3, 4})


def calendar(zone: str, starts: date, ends: date, *closures: Closure) -> SchoolCalendar:
    return school_calendar(
        zone, SchoolYear(name="", starts=starts, ends=ends, weekdays=sorted(SCHOOL_WEEK)), closures
    )


def days(found: SchoolCalendar, weekdays: frozenset[int], start: date, end: date) -> list[date]:
    timetable = Timetable("cantine", weekdays, found.starts, found.ends)
    return list(open_days(found, timetable, None, start, end))


def test_all_saints_2016_begins_after_class_on_wednesday() -> None:
    year = calendar("C", date(2016, 9, 1), date(2017, 7, 7))
    every_day = Timetable("cantine", frozenset(range(7)), year.starts, year.ends)
    kinds = {day: day_of(year, every_day, None, date(2016, 10, day)).kind for day in (19, 20, 31)}
    assert kinds == {19: Kind.open, 20: Kind.holiday, 31: Kind.holiday}
    assert day_of(year, every_day, None, date(2016, 11, 2)).kind is Kind.holiday
    assert day_of(year, every_day, None, date(2016, 11, 3)).kind is Kind.open


def test_the_second_half_of_june_2018() -> None:
    year = calendar("A", date(2017, 9, 4), date(2018, 7, 6))
    found = days(year, SCHOOL_WEEK, date(2018, 6, 18), date(2018, 6, 30))
    assert [day.day for day in found] == [18, 19, 21, 22, 25, 26, 28, 29]


def test_mondays_and_thursdays_of_a_whole_year() -> None:
    year = calendar("A", date(2022, 9, 1), date(2023, 7, 7))
    found = days(year, frozenset({0, 3}), date(2022, 7, 4), date(2023, 7, 7))
    weekdays = [day.weekday() for day in found]
    assert (weekdays.count(0), weekdays.count(3), len(found)) == (32, 36, 68)


@pytest.mark.parametrize("year", range(2016, 2029))
@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_no_school_on_the_friday_after_ascension(zone: str, year: int) -> None:
    ascension = next(day for day, name in public_holidays(year, year).items() if name == "Ascension")
    friday = ascension + timedelta(days=1)
    assert friday.weekday() == 4
    assert any(span.start <= friday <= span.end for span in holidays(zone, year, year))


def test_the_table_only_corrects_fridays_after_ascension() -> None:
    for day in BRIDGES:
        assert public_holidays(day.year, day.year)[day - timedelta(days=1)] == "Ascension"


@pytest.mark.parametrize("day", [date(2021, 5, 17), date(2021, 7, 6), date(2022, 7, 7)])
def test_the_day_classes_end_or_start_again_is_a_school_day(day: date) -> None:
    assert not any(span.start <= day <= span.end for span in holidays("A", day.year, day.year))


def test_the_commune_s_own_first_and_last_days_win_over_the_summer() -> None:
    year = calendar("A", date(2025, 8, 28), date(2026, 7, 10))
    assert not any(span.start <= date(2025, 8, 28) <= span.end for span in year.holidays)
    summer = next(span for span in year.holidays if span.start > date(2026, 6, 1))
    assert (summer.name, summer.start) == ("Vacances d’été", date(2026, 7, 11))


def test_holidays_only_opens_in_holidays_and_in_summer() -> None:
    year = calendar("A", date(2025, 9, 1), date(2026, 7, 3))
    centre = Timetable("centre", frozenset(range(5)), date(2025, 9, 1), date(2026, 8, 31), "holidays")
    found = set(open_days(year, centre, None, date(2025, 9, 1), date(2026, 8, 31)))
    assert {date(2025, 10, 20), date(2026, 7, 6), date(2026, 8, 31)} <= found
    assert not found & {date(2025, 9, 1), date(2025, 11, 11), date(2026, 7, 3), date(2026, 7, 14)}


def test_closures_of_a_school_and_of_an_activity() -> None:
    strike = Closure(start=date(2025, 11, 18), end=date(2025, 11, 18), reason="Grève", activities=["cantine"])
    works = Closure(start=date(2025, 11, 20), end=date(2025, 11, 20), reason="Travaux", schools=["lilas"])
    year = calendar("A", date(2025, 9, 1), date(2026, 7, 3), strike, works)
    meals = Timetable("cantine", SCHOOL_WEEK, year.starts, year.ends)
    care = Timetable("garderie", SCHOOL_WEEK, year.starts, year.ends)
    assert day_of(year, meals, "ferry", date(2025, 11, 18)).reason == "Grève"
    assert day_of(year, care, "ferry", date(2025, 11, 18)).kind is Kind.open
    assert day_of(year, meals, "lilas", date(2025, 11, 20)).reason == "Travaux"
    assert day_of(year, meals, None, date(2025, 11, 20)).kind is Kind.open


def test_alsace_and_moselle_have_two_more_public_holidays() -> None:
    assert subdivision_of("67482") == "6AE"
    assert subdivision_of("62498") is None
    assert date(2024, 12, 26) in public_holidays(2024, 2024, subdivision_of("57463"))
    assert date(2024, 12, 26) not in public_holidays(2024, 2024)


def test_a_year_the_package_does_not_have_is_said_to_be_unknown() -> None:
    assert is_known("B", date(2018, 9, 3), date(2019, 7, 5))
    assert not is_known("B", date(2040, 9, 3), date(2041, 7, 5))
