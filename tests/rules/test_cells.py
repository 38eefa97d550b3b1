"""Which state is a cell in, and what does a tick on it do?"""

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.booking import Booked, BookingState, Facts, Wish
from models.rules.calendar import Day, Kind
from models.rules.cells import answer, hindrance, state_of
from models.rules.deadlines import PARIS
from models.rules.states.orders import OF_DAYS, LineAction

NOW = datetime(2018, 8, 27, 10, tzinfo=PARIS)
AHEAD = datetime(2018, 8, 30, tzinfo=PARIS)
OVER = datetime(2018, 8, 23, tzinfo=PARIS)
OPEN = Facts(day=Day(Kind.open), enrolled=True, book_closes=AHEAD, cancel_closes=AHEAD)
LATE = replace(OPEN, book_closes=OVER, cancel_closes=OVER)
FULL = replace(OPEN, places=35, taken=35)
ADD, CANCEL = Wish(LineAction.ADD, 340), Wish(LineAction.CANCEL, 340)


def booked(state: str, **more: Any) -> Booked:
    return Booked(1, BookingState(state), 340, **more)


@pytest.mark.parametrize(
    ("facts", "state", "ticked", "operable", "why"),
    [
        (OPEN, "free", False, True, ""),
        (LATE, "past", False, False, "late"),
        (replace(OPEN, enrolled=False), "never", False, False, ""),
        (replace(OPEN, day=Day(Kind.never)), "never", False, False, ""),
        (replace(OPEN, day=Day(Kind.holiday)), "holiday", False, False, ""),
        (replace(OPEN, day=Day(Kind.public)), "closed", False, False, ""),
        (replace(OPEN, day=Day(Kind.closed)), "closed", False, False, ""),
        (replace(OPEN, member=False), "free", False, False, "membership"),
        (replace(OPEN, barred="suspended"), "free", False, False, "suspended"),
        (replace(OPEN, barred="suspended", wish=ADD), "picked", True, True, "suspended"),
        (replace(OPEN, barred="suspended", booked=booked("confirmed")), "booked", True, True, ""),
        (replace(OPEN, visible=False), "past", False, False, "not_yet"),
        (FULL, "past", False, False, "full"),
        (replace(FULL, waiting_list=True), "free", False, True, "queue"),
        (replace(OPEN, places=35, taken=34, queue=1), "past", False, False, "full"),
        (replace(OPEN, places=35, taken=34), "free", False, True, ""),
        (replace(OPEN, wish=ADD), "picked", True, True, ""),
        (replace(LATE, wish=ADD), "picked", True, True, "late"),
        (replace(FULL, wish=ADD, waiting_list=True), "waiting", True, True, "queue"),
        (replace(FULL, wish=ADD), "picked", True, True, "full"),
        (replace(OPEN, wish=replace(ADD, locked=True)), "picked", True, False, "paying"),
        (
            replace(OPEN, booked=booked("held"), wish=replace(ADD, locked=True)),
            "picked",
            True,
            False,
            "paying",
        ),
        (replace(OPEN, booked=booked("confirmed")), "booked", True, True, ""),
        (replace(LATE, booked=booked("confirmed")), "booked", True, False, "late"),
        (replace(LATE, booked=booked("confirmed"), asks=True), "booked", True, True, "late"),
        (replace(LATE, booked=booked("confirmed"), late_cancel=True), "booked", True, True, "late_billed"),
        (replace(OPEN, booked=booked("confirmed"), wish=CANCEL), "cancel", False, True, ""),
        (replace(LATE, booked=booked("confirmed"), wish=CANCEL), "cancel", False, True, "late"),
        (replace(OPEN, booked=booked("confirmed"), wish=CANCEL, asks=True), "cancel", False, True, "to_ask"),
        (
            replace(OPEN, booked=booked("confirmed"), wish=replace(CANCEL, locked=True)),
            "cancel",
            False,
            False,
            "paying",
        ),
        (replace(OPEN, booked=booked("confirmed", cancel_asked=True)), "cancelsent", False, False, "asked"),
        (replace(OPEN, booked=booked("confirmed", own=False)), "other", True, False, ""),
        (replace(OPEN, booked=booked("requested")), "sent", True, True, "asked"),
        (replace(OPEN, booked=booked("requested"), wish=CANCEL), "cancel", False, True, ""),
        (replace(OPEN, booked=booked("waiting", rank=4)), "waiting", True, True, ""),
        (replace(OPEN, booked=booked("offered")), "waiting", False, True, "offered"),
        (replace(OPEN, booked=booked("offered"), wish=ADD), "waiting", True, True, "offered"),
        (replace(OPEN, booked=booked("refused", note="Sortie")), "refused", False, True, "answered"),
        (replace(LATE, booked=booked("refused", note="Sortie")), "refused", False, False, "answered"),
        (replace(OPEN, day=Day(Kind.closed), booked=booked("confirmed")), "booked", True, False, ""),
    ],
)
def test_a_cell_shows_its_state(facts: Facts, state: str, ticked: bool, operable: bool, why: str) -> None:
    seen = state_of(facts, NOW)
    assert (seen.state, seen.ticked, seen.operable, seen.why) == (state, ticked, operable, why)


@pytest.mark.parametrize(
    ("facts", "wanted", "expected"),
    [
        (OPEN, True, "add"),
        (OPEN, False, "nothing"),
        (LATE, True, "refuse"),
        (FULL, True, "refuse"),
        (replace(FULL, waiting_list=True), True, "add"),
        (replace(OPEN, member=False), True, "refuse"),
        (replace(OPEN, wish=ADD), False, "drop"),
        (replace(OPEN, wish=ADD), True, "nothing"),
        (replace(LATE, wish=ADD), False, "drop"),
        (replace(OPEN, wish=replace(ADD, locked=True)), False, "refuse"),
        (replace(OPEN, wish=replace(ADD, locked=True)), True, "nothing"),
        (replace(OPEN, booked=booked("confirmed")), False, "cancel"),
        (replace(OPEN, booked=booked("confirmed"), wish=CANCEL), True, "drop"),
        (replace(LATE, booked=booked("confirmed")), False, "refuse"),
        (replace(LATE, booked=booked("confirmed"), asks=True), False, "refuse"),
        (replace(LATE, booked=booked("confirmed"), late_cancel=True), False, "cancel"),
        (replace(OPEN, booked=booked("requested")), False, "cancel"),
        (replace(OPEN, booked=booked("waiting")), False, "cancel"),
        (replace(OPEN, booked=booked("offered"), wish=ADD), False, "drop"),
        (replace(OPEN, booked=booked("offered")), False, "nothing"),
        (replace(OPEN, booked=booked("offered")), True, "add"),
        (replace(OPEN, booked=booked("confirmed", own=False)), False, "refuse"),
        (replace(OPEN, booked=booked("refused")), True, "add"),
        (replace(OPEN, day=Day(Kind.holiday)), True, "refuse"),
    ],
)
def test_a_tick_says_the_wished_state(facts: Facts, wanted: bool, expected: str) -> None:
    assert answer(facts, wanted, NOW) == expected


STATES = ("confirmed", "held", "requested", "waiting", "offered", "refused")
ANY = st.builds(
    Facts,
    day=st.sampled_from([Day(kind) for kind in Kind]),
    enrolled=st.booleans(),
    book_closes=st.sampled_from([AHEAD, OVER]),
    cancel_closes=st.sampled_from([AHEAD, OVER]),
    places=st.none() | st.just(35),
    taken=st.sampled_from([0, 34, 35]),
    queue=st.sampled_from([0, 2]),
    booked=st.none()
    | st.builds(booked, st.sampled_from(STATES), own=st.booleans(), cancel_asked=st.booleans()),
    wish=st.none() | st.builds(Wish, st.sampled_from(OF_DAYS), st.just(340), locked=st.booleans()),
    member=st.booleans(),
    visible=st.booleans(),
    asks=st.booleans(),
    waiting_list=st.booleans(),
    late_cancel=st.booleans(),
)


@given(ANY, st.booleans())
def test_wishing_what_is_shown_changes_nothing(facts: Facts, wanted: bool) -> None:
    if state_of(facts, NOW).ticked == wanted:
        assert answer(facts, wanted, NOW) == "nothing"


@given(ANY)
def test_a_new_booking_is_only_asked_for_while_it_is_open(facts: Facts) -> None:
    if answer(facts, True, NOW) == "add":
        assert facts.book_closes == AHEAD
        assert facts.day.kind is Kind.open and facts.enrolled and facts.member
        kept = facts.booked is not None and facts.booked.state == "offered"
        assert kept or (facts.visible and (not facts.full or facts.waiting_list))


@given(ANY, st.booleans())
def test_nothing_of_another_household_is_touched(facts: Facts, wanted: bool) -> None:
    if facts.booked and not facts.booked.own and facts.booked.state != "refused":
        own_draft = {"drop"} if facts.wish else set()
        assert answer(facts, wanted, NOW) in {"nothing", "refuse"} | own_draft


def test_every_state_has_one_look() -> None:
    kinds, bookings, wishes = [Day(kind) for kind in Kind], [None, *map(booked, STATES)], [None, ADD, CANCEL]
    for day, one, wish in product(kinds, bookings, wishes):
        seen = state_of(replace(OPEN, day=day, booked=one, wish=wish), NOW)
        assert not (seen.locked and seen.operable)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (OPEN, ""),
        (replace(OPEN, places=35, taken=34), ""),
        (replace(OPEN, wish=ADD), ""),
        (replace(OPEN, wish=replace(ADD, locked=True)), "taken"),
        (replace(OPEN, booked=booked("refused")), ""),
        (LATE, "late"),
        (replace(LATE, wish=ADD), "late"),
        (replace(OPEN, day=Day(Kind.closed)), "late"),
        (replace(OPEN, day=Day(Kind.holiday)), "late"),
        (replace(OPEN, enrolled=False), "late"),
        (replace(OPEN, member=False), "late"),
        (replace(OPEN, visible=False), "late"),
        (replace(OPEN, asks=True), "late"),
        (FULL, "full"),
        (replace(FULL, waiting_list=True), "full"),
        (replace(OPEN, places=35, taken=34, queue=1, waiting_list=True), "full"),
        (replace(FULL, book_closes=OVER), "late"),
        (replace(OPEN, booked=booked("confirmed")), "taken"),
        (replace(OPEN, booked=booked("confirmed", cancel_asked=True)), "taken"),
        (replace(OPEN, booked=booked("confirmed", own=False)), "taken"),
        (replace(OPEN, booked=booked("held")), "taken"),
        (replace(OPEN, booked=booked("requested")), "taken"),
        (replace(OPEN, booked=booked("waiting")), "full"),
        (replace(OPEN, booked=booked("waiting", own=False)), "taken"),
        (replace(FULL, booked=booked("offered")), ""),
        (replace(FULL, booked=booked("offered", own=False)), "taken"),
        (replace(LATE, booked=booked("offered")), "late"),
        (replace(OPEN, day=Day(Kind.closed), booked=booked("offered")), "late"),
    ],
)
def test_what_keeps_a_day_from_being_booked_again(facts: Facts, expected: str) -> None:
    assert hindrance(facts, True, NOW) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(OPEN, booked=booked("confirmed")), ""),
        (replace(OPEN, booked=booked("confirmed"), wish=CANCEL), ""),
        (replace(OPEN, booked=booked("confirmed"), wish=replace(CANCEL, locked=True)), "taken"),
        (replace(LATE, booked=booked("confirmed")), "late"),
        (replace(LATE, booked=booked("confirmed"), late_cancel=True), "late"),
        (replace(OPEN, booked=booked("confirmed"), asks=True), "late"),
        (replace(OPEN, booked=booked("confirmed", cancel_asked=True)), "late"),
        (replace(OPEN, booked=booked("confirmed", own=False)), "taken"),
        (replace(OPEN, booked=booked("held")), "taken"),
        (OPEN, "taken"),
    ],
)
def test_what_keeps_a_day_from_being_given_back(facts: Facts, expected: str) -> None:
    assert hindrance(facts, False, NOW) == expected
