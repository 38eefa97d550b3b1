"""The limits of an activity in words: what the grid applies day by day, said once and for all.

A kind of rule has one line of `WORDS` here, under its class of `models.rules.deadlines`: how it is said, and what must
be explained beside it. It says an instant that a calendar shows: `tests/rules/test_deadline_words.py` looks for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.french.dates import WEEKDAYS
from models.french.names import quoted, together
from models.french.numbers import plural
from models.rules.deadlines import (
    END_OF_DAY,
    DaysBefore,
    Deadline,
    HoursBefore,
    MonthBefore,
    PreviousWeekday,
    Rule,
    WeekBefore,
)
from models.rules.money import NBSP

COUNTED = {
    "calendar": "jour",
    "working": "jour ouvré",
    "school": "jour d’école",
    "opening": "jour d’ouverture",
}
COUNTED_PLURAL = {"working": "jours ouvrés", "school": "jours d’école", "opening": "jours d’ouverture"}
WORKING_DAYS = "Les jours ouvrés vont du lundi au vendredi, jours fériés exceptés."
SCHOOL_DAYS = (
    "Les jours d’école sont ceux où l’école de votre enfant est ouverte. En début d’année, tant qu’il n’y en a pas eu "
    "assez, on compte des jours ouvrés à leur place."
)
OPENING_DAYS = (
    "Les jours d’ouverture sont ceux où l’activité a lieu. En début d’année, tant qu’il n’y en a pas eu assez, on "
    "compte des jours ouvrés à leur place."
)
MOVED = " (si la mairie est fermée ce jour-là, au jour ouvré d’avant à la même heure)"
EXPLAINED = (WORKING_DAYS, SCHOOL_DAYS, OPENING_DAYS)  # the order in which they are told


@dataclass(frozen=True, slots=True)
class Start:
    """When a slot begins, in minutes after midnight; without a name where the activity has no other."""

    name: str
    at: int


def until(rule: Rule, starts: Sequence[Start] = ()) -> str:
    """« jusqu’au jeudi de la semaine précédente à 12:00 », for a day to come. `starts` of all slots meant."""
    return WORDS[type(rule)].until(rule, starts) + (MOVED if rule.moved else "")


def until_by_weekday(
    deadlines: Sequence[Deadline], weekdays: Sequence[int], starts: Sequence[Start] = ()
) -> list[tuple[str, str]]:
    """« pour le lundi » and until when; one without weekdays where they all have the same. Monday is 0."""
    by_rule: dict[Rule, list[int]] = {}
    for weekday in weekdays:
        rule = next((one.rule for one in deadlines if one.days is None or weekday in one.days), None)
        if rule is not None:
            by_rule.setdefault(rule, []).append(weekday)
    if len(by_rule) == 1 and sum(map(len, by_rule.values())) == len(weekdays):
        return [("", until(rule, starts)) for rule in by_rule]
    return [(f"pour {weekdays_said(days)}", until(rule, starts)) for rule, days in by_rule.items()]


def definitions(rules: Sequence[Rule]) -> list[str]:
    """What the words of these rules mean: « jours ouvrés », « jours d’école ». Each once, in one order."""
    asked = {text for rule in rules for text in WORDS[type(rule)].explained(rule)}
    asked |= {WORKING_DAYS for rule in rules if rule.moved}
    return [text for text in EXPLAINED if text in asked]


def clock(minutes: int) -> str:
    """« 12:00 ». The end of the day is 23:59, whose minute is whole."""
    return "23:59" if minutes == END_OF_DAY else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days_before(rule: DaysBefore, starts: Sequence[Start]) -> str:
    if rule.days == 0:
        return f"jusqu’au jour même à {clock(rule.at)}"
    if rule.count == "calendar":
        before = "la veille" if rule.days == 1 else f"{rule.days}{NBSP}jours avant,"
        return f"jusqu’à {before} à {clock(rule.at)}"
    if rule.days == 1:
        return f"jusqu’au {COUNTED[rule.count]} précédent à {clock(rule.at)}"
    return f"jusqu’à {rule.days}{NBSP}{COUNTED_PLURAL[rule.count]} avant, à {clock(rule.at)}"


def _week_before(rule: WeekBefore, starts: Sequence[Start]) -> str:
    day = WEEKDAYS[rule.weekday]
    if rule.weeks == 1:
        return f"jusqu’au {day} de la semaine précédente à {clock(rule.at)}"
    return f"jusqu’au {day}, {rule.weeks}{NBSP}semaines avant, à {clock(rule.at)}"


def _previous_weekday(rule: PreviousWeekday, starts: Sequence[Start]) -> str:
    return f"jusqu’au {WEEKDAYS[rule.weekday]} précédent à {clock(rule.at)}"


def _hours_before(rule: HoursBefore, starts: Sequence[Start]) -> str:
    """In hours, and on the clock for each slot: nobody counts back 12 hours from 07:30."""
    said = f"jusqu’à {plural(rule.hours, 'heure').replace(' ', NBSP)} avant le début"
    if rule.hours == 0:
        said = "jusqu’au début"
    told = [_on_the_clock(start, rule.hours) for start in starts]
    return f"{said}, soit {together(told)}" if told else said


def _on_the_clock(start: Start, hours: int) -> str:
    days, at = divmod(start.at - 60 * hours, END_OF_DAY)
    before = {0: "le jour même", -1: "la veille"}.get(days, f"{-days}{NBSP}jours avant,")
    return f"{before} à {clock(at)}" + (f" pour {quoted(start.name)}" if start.name else "")


def _month_before(rule: MonthBefore, starts: Sequence[Start]) -> str:
    day = "1er" if rule.day == 1 else str(rule.day)
    shorter = " (le dernier jour d’un mois plus court)" if rule.day > 28 else ""
    return f"jusqu’au {day} du mois précédent{shorter} à {clock(rule.at)}"


def _nothing(rule: Rule) -> tuple[str, ...]:
    """Everybody knows these words."""
    return ()


def _counted_days(rule: DaysBefore) -> tuple[str, ...]:
    if rule.days == 0 or rule.count == "calendar":
        return ()
    return {"school": (WORKING_DAYS, SCHOOL_DAYS), "opening": (WORKING_DAYS, OPENING_DAYS)}.get(
        rule.count, (WORKING_DAYS,)
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind of rule is called where one is chosen, how it is said, which texts of `EXPLAINED` its words need."""

    name: str
    until: Callable[[Any, Sequence[Start]], str]
    explained: Callable[[Any], tuple[str, ...]]


WORDS: Mapping[type[Rule], Words] = {
    DaysBefore: Words("tant de jours avant", _days_before, _counted_days),
    WeekBefore: Words("tel jour, une ou plusieurs semaines avant", _week_before, _nothing),
    PreviousWeekday: Words("le dernier lundi, mardi… avant", _previous_weekday, _nothing),
    HoursBefore: Words("tant d’heures avant le début", _hours_before, _nothing),
    MonthBefore: Words("tel jour du mois d’avant", _month_before, _nothing),
}


def weekdays_said(weekdays: Iterable[int]) -> str:
    """« le lundi », « les mardis, jeudis et vendredis »; Monday is 0."""
    names = [WEEKDAYS[day] for day in sorted(weekdays)]
    return f"le {names[0]}" if len(names) == 1 else f"les {together([f'{name}s' for name in names])}"


def opening_days(weekdays: Iterable[int]) -> str:
    """« du lundi au vendredi » for four days or more in a row, otherwise as `weekdays_said`; Monday is 0."""
    days = sorted(weekdays)
    in_a_row = len(days) > 3 and days[-1] - days[0] == len(days) - 1
    return f"du {WEEKDAYS[days[0]]} au {WEEKDAYS[days[-1]]}" if in_a_row else weekdays_said(days)
