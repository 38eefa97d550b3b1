"""Between which instants a day of a period is booked; and what is never cancelled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.french.rulebook.windows import window_said
from models.rules.absences import outcome
from models.rules.booking import Booked, BookingState, Does, Facts, effect
from models.rules.calendar import Day, Kind
from models.rules.cells import state_of
from models.rules.deadlines import LONG_AGO, PARIS, is_open
from models.rules.limits.windows import Window, window_of, window_on
from models.rules.states.orders import LineAction
from tests.rules.deadlines import wall

JULY = Window(date(2026, 7, 6), date(2026, 7, 31), wall("2026-06-01T08:00"), wall("2026-06-20T23:59"))
AUGUST = replace(JULY, start=date(2026, 8, 3), end=date(2026, 8, 14), closes=wall("2026-06-20T12:00"))
NOW = wall("2026-06-10T10:00")


def test_2359_is_there_to_its_end_and_other_instants_are_sharp() -> None:
    assert is_open(wall("2026-06-20T23:59:59"), JULY.shut)
    assert not is_open(wall("2026-06-21T00:00"), JULY.shut)
    assert AUGUST.shut == AUGUST.closes


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-07-05", None), ("2026-07-06", JULY), ("2026-07-31", JULY), ("2026-08-01", None),
        ("2026-08-03", AUGUST),
    ],
)  # fmt: skip
def test_the_first_and_the_last_day_belong_to_it(day: str, found: Window | None) -> None:
    assert window_on((JULY, AUGUST), date.fromisoformat(day)) == found


@given(st.datetimes(min_value=wall("2020-01-01T00:00").replace(tzinfo=None)), st.integers(0, 90))
def test_its_row_says_it_whatever_the_clocks_do(opens: object, days: int) -> None:
    begins = wall(str(opens)[:16])
    window = Window(begins.date(), begins.date() + timedelta(days=days), begins, begins)
    assert window_of(window.line) == window


def test_its_words() -> None:
    said = (
        "les jours du 6 au 31 juillet 2026 se réservent du lundi 1er juin à 08:00 au samedi 20 juin à 23:59"
    )
    assert window_said(JULY) == said
    one = replace(JULY, end=JULY.start)
    assert window_said(one).startswith("le lundi 6 juillet 2026 se réserve du lundi 1er juin")
    winter = window_said(replace(JULY, start=date(2026, 12, 21), end=date(2027, 1, 1)))
    assert winter.startswith("les jours du 21 décembre 2026 au 1er janvier 2027 se réservent")


KEPT = Facts(
    day=Day(Kind.open), enrolled=True, book_closes=wall("2026-06-20T12:00"), cancel_closes=LONG_AGO,
    keeps_booked=True,
)  # fmt: skip


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize("late_cancel", [False, True])
@pytest.mark.parametrize(
    ("state", "does"),
    [
        ("confirmed", Does.REFUSE), ("held", Does.REFUSE), ("requested", Does.WITHDRAW),
        ("waiting", Does.WITHDRAW), ("offered", Does.WITHDRAW),
    ],
)  # fmt: skip
def test_what_is_booked_stays_and_what_is_only_asked_may_go(
    state: str, does: Does, late_cancel: bool, asks: bool
) -> None:
    booked = Booked(1, BookingState(state), 340)
    facts = replace(KEPT, booked=booked, asks=asks, late_cancel=late_cancel)
    assert effect(facts, LineAction.CANCEL, NOW.astimezone(PARIS)).kind is does
    if state == "confirmed":
        seen = state_of(facts, NOW)
        assert (seen.state, seen.ticked, seen.operable, seen.why) == ("booked", True, False, "never")
        assert outcome(facts, True, NOW) == "kept", "an absence can be told still"
