"""Does booking a day, or giving it back, still take effect, and at what price?"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.booking import (
    LIVE,
    TAKES_A_PLACE,
    Booked,
    BookingState,
    Does,
    Facts,
    Wish,
    by_default,
    effect,
    lapses,
)
from models.rules.calendar import Day, Kind
from models.rules.deadlines import PARIS
from models.rules.pricing import Price
from models.rules.states.orders import OF_DAYS, LineAction

NOW = datetime(2018, 8, 27, 10, tzinfo=PARIS)
AHEAD = datetime(2018, 8, 30, tzinfo=PARIS)
OVER = datetime(2018, 8, 23, tzinfo=PARIS)
FREE = Facts(Day(Kind.open), True, AHEAD, AHEAD, price=Price(340, "à l’unité", 1))
FULL = replace(FREE, places=35, taken=35)
DRAFTED = Wish(LineAction.ADD, 340)


def booked(state: BookingState = BookingState.CONFIRMED, **more: Any) -> Facts:
    return replace(FREE, booked=Booked(1, state, 290, **more))


@pytest.mark.parametrize(
    ("facts", "does", "cents", "why"),
    [
        (FREE, Does.ADD, 340, ""),
        (replace(FREE, asks=True), Does.ASK, 340, ""),
        (replace(FULL, waiting_list=True), Does.WAIT, 340, ""),
        (replace(FULL, waiting_list=True, asks=True), Does.WAIT, 340, ""),
        (replace(FREE, places=35, taken=34, queue=1, waiting_list=True), Does.WAIT, 340, ""),
        (FULL, Does.REFUSE, 0, "full"),
        (replace(FULL, member=False), Does.REFUSE, 0, "membership"),
        (replace(FULL, member=False, barred="suspended"), Does.REFUSE, 0, "suspended"),
        (replace(FREE, book_closes=OVER, barred="suspended"), Does.REFUSE, 0, "late"),
        (replace(FREE, wish=DRAFTED, barred="suspended"), Does.REFUSE, 0, "suspended"),
        (replace(booked(BookingState.OFFERED), barred="suspended"), Does.REFUSE, 0, "suspended"),
        (replace(FREE, book_closes=OVER, member=False), Does.REFUSE, 0, "late"),
        (replace(FREE, book_closes=NOW), Does.REFUSE, 0, "late"),
        (replace(FREE, visible=False, book_closes=OVER), Does.REFUSE, 0, "not_yet"),
        (replace(FREE, visible=False, wish=DRAFTED), Does.ADD, 340, ""),
        (replace(FREE, enrolled=False), Does.REFUSE, 0, "closed"),
        (replace(FREE, day=Day(Kind.holiday), visible=False), Does.REFUSE, 0, "closed"),
        (replace(FREE, wish=replace(DRAFTED, locked=True)), Does.REFUSE, 0, "paying"),
        (booked(BookingState.REFUSED), Does.ADD, 340, ""),
        (booked(BookingState.OFFERED), Does.ADD, 340, ""),
        (replace(booked(BookingState.OFFERED), places=35, taken=35, asks=True), Does.ADD, 340, ""),
        (replace(booked(BookingState.OFFERED), book_closes=OVER), Does.REFUSE, 0, "late"),
        (replace(booked(BookingState.OFFERED), member=False), Does.REFUSE, 0, "membership"),
        (replace(booked(BookingState.OFFERED), day=Day(Kind.closed)), Does.REFUSE, 0, "closed"),
        (booked(BookingState.OFFERED, own=False), Does.REFUSE, 0, "other"),
        (booked(), Does.NOTHING, 0, ""),
        (booked(BookingState.WAITING), Does.NOTHING, 0, ""),
        (booked(own=False), Does.REFUSE, 0, "other"),
    ],
)
def test_what_booking_does(facts: Facts, does: Does, cents: int, why: str) -> None:
    found = effect(facts, LineAction.ADD, NOW)
    assert (found.kind, found.cents, found.why) == (does, cents, why)


@pytest.mark.parametrize(
    ("facts", "does"),
    [
        (FREE, Does.ADD),
        (FULL, Does.NOTHING),
        (replace(FULL, waiting_list=True), Does.WAIT),
        (replace(FREE, cancel_closes=OVER), Does.NOTHING),  # nobody could untick it
        (replace(FREE, book_closes=OVER), Does.NOTHING),
        (replace(FREE, price=Price(510, "en retard", 1, how="late")), Does.NOTHING),
        (replace(FREE, asks=True), Does.NOTHING),
        (replace(FREE, barred="papers"), Does.NOTHING),
        (replace(FREE, visible=False), Does.NOTHING),
        (booked(own=False), Does.NOTHING),
        (booked(BookingState.REFUSED), Does.NOTHING),  # the mairie said no
    ],
)
def test_what_the_portal_books_by_itself(facts: Facts, does: Does) -> None:
    assert by_default(facts, NOW) is does


@pytest.mark.parametrize(
    ("facts", "does", "cents", "why"),
    [
        (booked(), Does.CANCEL, -290, ""),
        (replace(booked(), barred="suspended"), Does.CANCEL, -290, ""),
        (replace(booked(BookingState.WAITING), barred="suspended"), Does.WITHDRAW, 0, ""),
        (replace(booked(), asks=True), Does.ASK, -290, ""),
        (replace(booked(), cancel_closes=OVER), Does.REFUSE, 0, "late"),
        (replace(booked(), cancel_closes=OVER, asks=True), Does.REFUSE, 0, "late"),
        (replace(booked(), cancel_closes=OVER, late_cancel=True), Does.CANCEL_BILLED, 0, ""),
        (replace(booked(), cancel_closes=OVER, late_cancel=True, asks=True), Does.ASK, 0, ""),
        (replace(booked(), day=Day(Kind.closed)), Does.REFUSE, 0, "closed"),
        (replace(booked(), day=Day(Kind.closed), wish=Wish(LineAction.CANCEL, 290)), Does.CANCEL, -290, ""),
        (booked(cancel_asked=True), Does.REFUSE, 0, "asked"),
        (booked(own=False), Does.REFUSE, 0, "other"),
        (replace(booked(own=False), wish=Wish(LineAction.CANCEL, 290)), Does.REFUSE, 0, "other"),
        (booked(BookingState.HELD), Does.REFUSE, 0, "paying"),
        (replace(booked(BookingState.REQUESTED), cancel_closes=OVER), Does.WITHDRAW, 0, ""),
        (booked(BookingState.WAITING), Does.WITHDRAW, 0, ""),
        (booked(BookingState.OFFERED), Does.WITHDRAW, 0, ""),
        (booked(BookingState.REFUSED), Does.NOTHING, 0, ""),
        (FREE, Does.NOTHING, 0, ""),
    ],
)
def test_what_giving_back_does(facts: Facts, does: Does, cents: int, why: str) -> None:
    found = effect(facts, LineAction.CANCEL, NOW)
    assert (found.kind, found.cents, found.why) == (does, cents, why)


def test_what_is_said_too_late_is_marked_even_when_the_mairie_is_asked() -> None:
    late = replace(booked(), cancel_closes=OVER, late_cancel=True, asks=True)
    assert effect(late, LineAction.CANCEL, NOW).late
    assert not effect(replace(late, cancel_closes=AHEAD), LineAction.CANCEL, NOW).late


ANY = st.builds(
    Facts,
    day=st.sampled_from([Day(kind) for kind in Kind]),
    enrolled=st.booleans(),
    book_closes=st.sampled_from([AHEAD, OVER]),
    cancel_closes=st.sampled_from([AHEAD, OVER]),
    places=st.none() | st.just(35),
    taken=st.sampled_from([0, 35]),
    queue=st.sampled_from([0, 2]),
    booked=st.none()
    | st.builds(Booked, st.just(1), st.sampled_from(BookingState), st.just(290), own=st.booleans()),
    wish=st.none() | st.builds(Wish, st.sampled_from(OF_DAYS), st.just(340), locked=st.booleans()),
    member=st.booleans(),
    visible=st.booleans(),
    asks=st.booleans(),
    waiting_list=st.booleans(),
    late_cancel=st.booleans(),
    price=st.just(Price(340, "à l’unité", 1)),
)


@given(ANY, st.sampled_from(OF_DAYS))
def test_what_is_not_possible_costs_nothing_and_a_refusal_says_why(facts: Facts, action: LineAction) -> None:
    found = effect(facts, action, NOW)
    assert found.is_possible or found.cents == 0
    assert bool(found.why) == (found.kind is Does.REFUSE)


@given(ANY, st.sampled_from(OF_DAYS))
def test_another_homes_booking_is_never_touched(facts: Facts, action: LineAction) -> None:
    if facts.live and not facts.live.own:
        assert not effect(facts, action, NOW).is_possible


@given(ANY)
def test_money_comes_back_only_in_time_and_only_what_was_booked(facts: Facts) -> None:
    found = effect(facts, LineAction.CANCEL, NOW)
    assert found.cents in (0, -290)
    assert not found.cents or facts.cancel_closes == AHEAD


def test_a_deadline_ends_what_would_be_booked_and_what_was_paid() -> None:
    assert lapses(LineAction.ADD, None, late_cancel=True)
    assert lapses(LineAction.CANCEL, BookingState.CONFIRMED, late_cancel=False)
    assert not lapses(LineAction.CANCEL, BookingState.CONFIRMED, late_cancel=True)
    assert not lapses(LineAction.CANCEL, BookingState.WAITING, late_cancel=False)


def test_what_takes_a_place_is_live() -> None:
    assert set(TAKES_A_PLACE) < set(LIVE)
