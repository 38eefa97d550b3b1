"""What a limit is called: whoever reads it finds the instant that the rule applies."""

from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.french.rulebook.deadlines import WORDS, Start, definitions, until, until_by_weekday
from models.rules.deadlines import (
    KINDS,
    DayFacts,
    DaysBefore,
    Deadline,
    HoursBefore,
    MonthBefore,
    PreviousWeekday,
    WeekBefore,
)
from tests.limits_said import Wall, instant
from tests.rules.deadlines import is_opening, is_school, is_working, rule_of, written

FACTS = DayFacts(7 * 60 + 30, is_working, is_school, is_opening)
WALL = Wall(is_working, is_school, is_opening)
lines = st.sampled_from(list(KINDS)).flatmap(lambda kind: written(kind))
dates = st.dates(date(2016, 9, 1), date(2019, 7, 5))


@given(lines, dates, st.integers(0, 1439))
def test_whoever_reads_a_limit_finds_the_instant_of_the_rule(
    line: dict[str, Any], day: date, starts: int
) -> None:
    rule = rule_of(line)
    closes = rule.closes(day, replace(FACTS, starts=starts)).astimezone(UTC)
    for told in ([], [Start("", starts)], [Start("Matin", starts), Start("Soir", (starts + 600) % 1440)]):
        said = until(rule, told)
        assert instant(said, day, WALL, {"Matin": starts}, "Matin") == closes, said


def test_every_kind_has_its_words() -> None:
    assert set(WORDS) == set(KINDS.values()), (
        "a new kind of deadline is said in models/french/rulebook/deadlines.py"
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (WeekBefore(3, 720), "jusqu’au jeudi de la semaine précédente à 12:00"),
        (WeekBefore(2, 1440, 2), "jusqu’au mercredi, 2 semaines avant, à 23:59"),
        (DaysBefore(1, 1440), "jusqu’à la veille à 23:59"),
        (DaysBefore(2, 720, "working"), "jusqu’à 2 jours ouvrés avant, à 12:00"),
        (DaysBefore(1, 720, "school"), "jusqu’au jour d’école précédent à 12:00"),
        (DaysBefore(2, 720, "opening"), "jusqu’à 2 jours d’ouverture avant, à 12:00"),
        (
            WeekBefore(3, 720, 1, "previous_working_day"),
            "jusqu’au jeudi de la semaine précédente à 12:00 (si la mairie est fermée ce jour-là, au jour ouvré "
            "d’avant à la même heure)",
        ),
        (DaysBefore(0, 480, "school"), "jusqu’au jour même à 08:00"),
        (PreviousWeekday(4, 720), "jusqu’au vendredi précédent à 12:00"),
        (
            MonthBefore(31, 720),
            "jusqu’au 31 du mois précédent (le dernier jour d’un mois plus court) à 12:00",
        ),
        (HoursBefore(12), "jusqu’à 12 heures avant le début, soit la veille à 19:30"),
    ],
)
def test_a_limit_reads_as_people_say_it(rule: Any, said: str) -> None:
    assert until(rule, [Start("", 450)]).replace("\u00a0", " ") == said


def test_the_days_of_one_rule_are_said_together() -> None:
    friday, eve = PreviousWeekday(4, 720), DaysBefore(1, 720)
    told = until_by_weekday([Deadline(frozenset({0}), friday), Deadline(None, eve)], [0, 1, 3, 4])
    assert [whose for whose, _ in told] == ["pour le lundi", "pour les mardis, jeudis et vendredis"]
    assert until_by_weekday([Deadline(frozenset({0}), eve), Deadline(None, eve)], [0, 1]) == [
        ("", until(eve))
    ]


def test_only_the_words_that_are_used_are_explained() -> None:
    assert definitions([DaysBefore(1, 0), DaysBefore(0, 0, "school")]) == []
    assert len(definitions([DaysBefore(2, 0, "working")])) == 1
    assert len(definitions([DaysBefore(2, 0, "school")])) == 2
    assert len(definitions([DaysBefore(1, 0, "opening")])) == 2
    assert len(definitions([PreviousWeekday(5, 0, "previous_working_day")])) == 1
