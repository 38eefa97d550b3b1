"""Places left, the waiting list, and how long a freed place is offered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.capacity import (
    Wait,
    can_offer,
    can_serve,
    free,
    in_line,
    is_over,
    newcomers_rank,
    offer_until,
)
from models.rules.deadlines import paris

NOON = 12 * 60
THURSDAY_NOON = paris(date(2022, 9, 1), NOON)


@pytest.mark.parametrize(
    ("places", "taken", "left"),
    [
        pytest.param(None, 500, None, id="no limit"),
        pytest.param(35, 0, 35, id="all of them"),
        pytest.param(35, 34, 1, id="the last one"),
        pytest.param(35, 35, 0, id="full"),
        pytest.param(35, 36, 0, id="overrun by the staff is full, not less"),
        pytest.param(0, 0, 0, id="no place is not no limit"),
    ],
)
def test_places_left(places: int | None, taken: int, left: int | None) -> None:
    assert free(places, taken) == left


@pytest.mark.parametrize(
    ("now", "closes", "until"),
    [
        pytest.param(
            paris(date(2022, 8, 22), 600),
            THURSDAY_NOON,
            paris(date(2022, 8, 24), 600),
            id="two days when time allows",
        ),
        pytest.param(
            paris(date(2022, 8, 31), 600),
            THURSDAY_NOON,
            paris(date(2022, 9, 1), 600),
            id="two hours before it closes",
        ),
        pytest.param(
            paris(date(2019, 3, 30), 600),
            paris(date(2019, 4, 10), NOON),
            paris(date(2019, 4, 1), 660),
            id="48 hours of a stopwatch in spring",
        ),
        pytest.param(
            paris(date(2019, 10, 26), 600),
            paris(date(2019, 11, 10), NOON),
            paris(date(2019, 10, 28), 540),
            id="48 hours of a stopwatch in autumn",
        ),
    ],
)
def test_an_offer_ends(now: datetime, closes: datetime, until: datetime) -> None:
    assert offer_until(now, closes) == until


def test_an_offer_ends_at_the_first_of_the_two_hours_that_october_repeats() -> None:
    now = datetime(2019, 10, 25, 0, 45, tzinfo=UTC)  # two days later it is 02:45, in summer still
    closes = datetime(2019, 10, 27, 3, 15, tzinfo=UTC)  # two hours before it is 02:15, in winter already
    assert offer_until(now, closes).astimezone(UTC) == now + timedelta(hours=48)


@pytest.mark.parametrize(
    ("now", "possible"),
    [
        pytest.param(paris(date(2022, 9, 1), 599), True, id="a minute is left"),
        pytest.param(paris(date(2022, 9, 1), 600), False, id="two hours before, it is over"),
        pytest.param(paris(date(2022, 9, 1), 900), False, id="after the deadline"),
    ],
)
def test_a_place_is_offered_only_while_there_is_time_to_answer(now: datetime, possible: bool) -> None:
    assert can_offer(now, THURSDAY_NOON) is possible


@pytest.mark.parametrize(
    ("minute", "prepaid", "possible"),
    [
        pytest.param(599, True, True, id="a minute is left to pay"),
        pytest.param(600, True, False, id="two hours before, it cannot be paid in time"),
        pytest.param(600, False, True, id="what is invoiced needs no answer"),
        pytest.param(719, False, True, id="until the last minute"),
        pytest.param(720, False, False, id="after the deadline nobody is served"),
    ],
)
def test_a_freed_place_is_given_only_in_time(minute: int, prepaid: bool, possible: bool) -> None:
    assert can_serve(paris(date(2022, 9, 1), minute), THURSDAY_NOON, prepaid=prepaid) is possible


@pytest.mark.parametrize(
    ("now", "over"),
    [
        pytest.param(paris(date(2022, 9, 1), 1439), False, id="the day itself, to its last minute"),
        pytest.param(paris(date(2022, 9, 1), 1440), True, id="midnight in Paris"),
        pytest.param(datetime(2022, 9, 1, 22, 30, tzinfo=UTC), True, id="midnight in Paris, told in UTC"),
    ],
)
def test_a_day_is_over_at_midnight_in_paris(now: datetime, over: bool) -> None:
    assert is_over(now, date(2022, 9, 1)) is over


EARLY = paris(date(2016, 9, 20), NOON)
LATE = paris(date(2016, 9, 21), NOON)


def test_priority_then_time_then_number_decide_who_is_next() -> None:
    waits = [Wait(4, 0, LATE), Wait(3, 0, EARLY), Wait(2, 0, EARLY), Wait(1, 1, LATE)]
    assert [wait.id for wait in in_line(waits)] == [1, 2, 3, 4]


def test_the_hour_that_comes_twice_keeps_its_order() -> None:
    first = datetime(2019, 10, 27, 0, 30, tzinfo=UTC).astimezone(EARLY.tzinfo)  # 02:30 on the clock, summer
    second = first.replace(minute=15, fold=1)  # 02:15 on the clock, winter: 45 minutes later
    assert in_line([Wait(1, 0, second), Wait(2, 0, first)])[0] == Wait(2, 0, first)


def test_a_newcomer_is_behind_all_who_wait_and_its_own_cart() -> None:
    waits = [Wait(1, 0, EARLY), Wait(2, 5, LATE)]
    last = Wait(9, 0, LATE)
    assert newcomers_rank(len(waits)) == in_line([*waits, last]).index(last) + 1 == 3
    assert newcomers_rank(0) == 1 and newcomers_rank(2, before=1) == 4


moments = st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
queues = st.lists(
    st.builds(Wait, st.integers(1, 99), st.integers(0, 2), moments), unique_by=lambda wait: wait.id
)


@given(queues)
def test_leaving_the_list_moves_only_those_behind(waits: list[Wait]) -> None:
    line = in_line(waits)
    assert sorted(line, key=lambda wait: wait.id) == sorted(waits, key=lambda wait: wait.id)
    for gone in waits:
        assert in_line([wait for wait in waits if wait != gone]) == [wait for wait in line if wait != gone]


@given(moments, st.integers(-100_000, 100_000))
def test_an_offer_never_outlives_its_limits(now: datetime, minutes: int) -> None:
    closes = now + timedelta(minutes=minutes)
    until = offer_until(now, closes)
    assert until <= now + timedelta(hours=48)
    assert until <= closes - timedelta(hours=2)
    assert can_offer(now, closes) is (until > now)
    assert can_offer(now, closes) is (minutes > 120)
