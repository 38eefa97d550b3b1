"""What is due once the roll was called: the cases were computed by hand, from the words of the règlement."""

from datetime import date

import pytest

from models.rules.pricing.attended import (
    CalledDay,
    Mark,
    corrected,
    due_of_absences,
    pickup_of,
    stay_of,
    with_pickup,
)
from models.rules.pricing.day_price import Price
from models.rules.pricing.missed import AbsenceRule
from models.rules.pricing.stay import LatePickup, Stay, Timing
from models.rules.states.attendance import AttendanceState

SICK = AbsenceRule("sick", due_days=1, proof_hours=72)
STRIKE = AbsenceRule("strike")
HALF = AbsenceRule("trip", credit=50)
RULES = (SICK, STRIKE, HALF)
EVENING = Timing(step=30, starts=16 * 60 + 30, ends=18 * 60 + 30, minimum=60)
GATE = LatePickup(after=18 * 60 + 30, cents=500, per=15)
MIDI = 11 * 60 + 45
MON, TUE, THU, FRI, NEXT = (date(2025, 10, n) for n in (6, 7, 9, 10, 13))


def absent(reason: str = "", proved_on: date | None = None) -> Mark:
    return Mark(AttendanceState.ABSENT, reason, proved_on=proved_on)


def present(arrived: int | None = None, left: int | None = None) -> Mark:
    return Mark(AttendanceState.PRESENT, arrived=arrived, departed=left)


def days(*some: tuple[date, Mark | None]) -> list[CalledDay]:
    """Meals of 2,80 €, numbered from 0."""
    return [CalledDay(n, day, MIDI, 280, mark) for n, (day, mark) in enumerate(some)]


@pytest.mark.parametrize(
    ("what", "some", "due"),
    [
        ("there", [(MON, present())], {}),
        ("not called", [(MON, None)], {}),
        ("taken back", [(MON, Mark(AttendanceState.UNDONE))], {}),
        ("nobody knows why", [(MON, absent()), (TUE, absent())], {0: 280, 1: 280}),
        ("a reason without a rule", [(MON, absent("other"))], {0: 280}),
        ("strike", [(MON, absent("strike")), (TUE, absent("strike"))], {0: 0, 1: 0}),
        ("half comes back", [(MON, absent("trip"))], {0: 140}),
        ("ill for a day", [(MON, absent("sick", MON))], {0: 280}),
        ("ill for three, no certificate", [(MON, absent("sick")), (TUE, absent("sick"))], {0: 280, 1: 280}),
        (
            "ill for three, a certificate within three days",
            [(MON, absent("sick")), (TUE, absent("sick")), (THU, absent("sick", THU))],
            {0: 280, 1: 0, 2: 0},
        ),
        (
            "ill for three, the certificate a day late",
            [(MON, absent("sick")), (TUE, absent("sick")), (THU, absent("sick", FRI))],
            {0: 280, 1: 280, 2: 280},
        ),
        (
            "ill over the week-end",
            [(THU, absent("sick", FRI)), (FRI, absent("sick")), (NEXT, absent("sick"))],
            {0: 280, 1: 0, 2: 0},
        ),
        (
            "ill, back for a day, ill again",
            [(MON, absent("sick", MON)), (TUE, present()), (THU, absent("sick", THU))],
            {0: 280, 2: 280},
        ),
        (
            "ill, a day nobody called, ill",
            [(MON, absent("sick", MON)), (TUE, None), (THU, absent("sick", THU))],
            {0: 280, 2: 280},
        ),
        (
            "ill, then a strike",
            [(MON, absent("sick", MON)), (TUE, absent("strike")), (THU, absent("strike"))],
            {0: 280, 1: 0, 2: 0},
        ),
        (
            "said in another order",
            [(THU, absent("sick")), (MON, absent("sick", MON)), (TUE, absent("sick"))],
            {0: 0, 1: 280, 2: 0},
        ),
    ],
)
def test_what_stays_due_of_absences(what, some, due) -> None:
    assert due_of_absences(RULES, days(*some)) == due, what


def test_two_slots_of_one_day_are_one_day_of_absence() -> None:
    morning = CalledDay(1, MON, 7 * 60, 120, absent("sick", MON))
    evening = CalledDay(2, MON, 16 * 60, 240, absent("sick"))
    tomorrow = CalledDay(3, TUE, 7 * 60, 120, absent("sick"))
    assert due_of_absences(RULES, [tomorrow, evening, morning]) == {1: 120, 2: 240, 3: 0}


def test_a_certificate_counts_from_the_beginning_of_its_day_to_the_hour() -> None:
    """72 hours after Monday 11:45 is Thursday 11:45: one of Thursday came in time, one of Friday did not."""
    for came, second in ((THU, 0), (FRI, 280)):
        found = due_of_absences(RULES, days((MON, absent("sick", came)), (TUE, absent("sick"))))
        assert found[1] == second, came


@pytest.mark.parametrize(
    ("arrived", "left", "units", "extra"),
    [
        (None, None, 4, 0),  # 16:30 to 18:30, as planned
        (990, 1050, 2, 0),  # an hour
        (990, 1051, 3, 0),  # a minute more begins a unit
        (990, 1000, 2, 0),  # an hour at least
        (980, 1050, 2, 0),  # nothing before the slot begins
        (None, 1110, 4, 0),  # to the minute
        (None, 1111, 4, 500),  # late by a minute, a quarter begun
        (None, 1126, 4, 1000),  # late by sixteen
        (1110, None, 2, 0),  # came at the end: the least
        (1120, None, 2, 0),  # came after it
        (1050, 1000, 2, 0),  # times that cannot be: the least
    ],
)
def test_time_is_counted_as_it_was_noted(arrived, left, units, extra) -> None:
    mark = present(arrived, left)
    assert stay_of(mark, EVENING, GATE) == Stay(units, 30)
    assert pickup_of(mark, GATE) == extra
    assert corrected(160, mark, EVENING, GATE) == 40 * units + extra


def test_who_is_absent_or_not_called_is_there_as_planned() -> None:
    for mark in (None, absent("sick"), Mark(AttendanceState.UNDONE, departed=1200)):
        assert stay_of(mark, EVENING, GATE) == Stay(4, 30) and pickup_of(mark, GATE) == 0
    assert stay_of(present(990, 1000), None, GATE) is None
    assert corrected(280, present(700, 1111), None, GATE) == 780
    assert corrected(280, present(700, 800), None, None) == 280


def test_half_a_cent_of_a_shared_price_rounds_up() -> None:
    assert corrected(170, present(990, 1070), EVENING, None) == 128  # 3 of 4 units of 1,70 €: 1,275 €


def test_a_late_pickup_is_said_and_makes_the_day_one_unit() -> None:
    price = Price(160, "à l’unité · 4 × 30 min", 1, 4)
    assert with_pickup(price, 0) is price
    late = with_pickup(price, 500)
    assert (late.cents, late.quantity, late.unit_cents) == (660, 1, 660)
    assert late.reason == "à l’unité · 4 × 30 min · retard\u00a0: 5,00\u00a0€"
