"""When enrolling begins, from which day a place is free, what somebody may do, who is an adult."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.activities.definition.description import Group
from models.rules.deadlines import PARIS
from models.rules.families.enrolling import (
    Enrols,
    Way,
    beginning,
    first_free,
    group_for,
    is_adult,
    own_category,
    takes,
    way,
)

OPENS = datetime(2025, 9, 1, 8, tzinfo=UTC)
CLOSES = date(2026, 7, 3)
TODAY = date(2025, 10, 1)


def test_newcomers_are_in_the_group_that_lasts() -> None:
    """Groups that served are closed, not taken away: what replaces them stands behind them."""
    closed = Group("grands", "Grands", levels=("CM1", "CM2"), closes=date(2025, 12, 19))
    cm1, all_ages = Group("cm1", "CM1", levels=("CM1",)), Group("tous", "Tous")
    groups = (closed, cm1, all_ages)
    assert group_for(groups, "CM1", "jean-jaures") is cm1, "the first of those without a last day"
    assert group_for(groups, "CM2", "jean-jaures") is all_ages
    assert group_for((closed,), "CM2", "jean-jaures") is closed
    assert group_for((closed, cm1), "CP", "jean-jaures") is None


def test_residents_first() -> None:
    said = beginning(OPENS, 7)
    assert said and said.of("resident") == said.of(None) == OPENS
    assert said.of("outside") == OPENS + timedelta(days=7)
    assert beginning(None, 7) is None


def test_the_hour_stays_when_winter_begins() -> None:
    said = beginning(datetime(2025, 10, 20, 8, tzinfo=PARIS), 7)
    assert said and said.of("outside") == datetime(2025, 10, 27, 8, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("ends", "places", "found"),
    [
        ([], None, TODAY),
        ([CLOSES] * 3, None, TODAY),
        ([], 1, TODAY),
        ([CLOSES], 2, TODAY),
        ([CLOSES], 1, None),
        ([CLOSES, CLOSES, date(2025, 12, 19)], 3, date(2025, 12, 20)),
        ([CLOSES, date(2025, 12, 19), date(2025, 11, 7)], 2, date(2025, 12, 20)),
        ([CLOSES, date(2025, 9, 30)], 2, TODAY),  # over since yesterday
        ([CLOSES, TODAY], 2, date(2025, 10, 2)),  # its last day is today
        ([CLOSES, CLOSES, date(2025, 12, 19)], 2, None),  # the mairie went beyond
        ([], 0, None),
    ],
)
def test_the_first_day_with_a_place(ends: list[date], places: int | None, found: date | None) -> None:
    assert first_free(ends, places, TODAY, CLOSES) == found


def test_no_day_after_the_last() -> None:
    assert first_free([], None, CLOSES + timedelta(days=1), CLOSES) is None


@pytest.mark.parametrize(
    ("enrols", "pays", "late", "free", "waiting_list", "found"),
    [
        (Enrols.ONLINE, False, False, True, True, Way.ENROL),
        (Enrols.ONLINE, False, False, False, True, Way.WAIT),
        (Enrols.ONLINE, False, False, False, False, Way.FULL),
        (Enrols.ONLINE, True, False, True, False, Way.PAY),
        (Enrols.REQUEST, False, False, False, False, Way.ASK),
        (Enrols.ONLINE, False, True, True, True, Way.LATER),
        (Enrols.REQUEST, False, True, True, True, Way.LATER),
    ],
)
def test_what_may_be_done(
    enrols: Enrols, pays: bool, late: bool, free: bool, waiting_list: bool, found: Way
) -> None:
    now = OPENS - timedelta(seconds=1) if late else OPENS
    assert way(enrols, pays=pays, opens=OPENS, now=now, free=free, waiting_list=waiting_list) == found


def test_adults_and_children_have_their_own_activities() -> None:
    assert not is_adult(date(2007, 10, 2), TODAY) and is_adult(date(2007, 10, 1), TODAY)
    assert takes("adult", adult=True, has_class=False) and not takes("adult", adult=False, has_class=True)
    assert takes("meal", adult=False, has_class=True) and not takes("meal", adult=False, has_class=False)
    assert own_category("adult", "resident") == "adult" and own_category("adult", "staff") is None
    assert own_category("meal", "resident") is None
