"""What prices are made of: surcharges, stays, absences, a line priced again, aids whatever they are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.pricing.aids import Aid, AidedLine, deduct
from models.rules.pricing.day_price import price, reprice
from models.rules.pricing.missed import AbsenceRule, due_of_absence
from models.rules.pricing.stay import LatePickup, Stay, stayed
from models.rules.pricing.surcharge import Surcharge, surcharge_of
from tests.rules.price_town import DAY, EVENING, HALF_HOUR, MEAL, MIXED, OPEN_END, OUTSIDE, SHARE


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("+50%", Surcharge(percent=50)),
        ("+500", Surcharge(cents=500)),
        ("1000", Surcharge(instead=1000)),
        ("+0%", Surcharge(percent=0)),
    ],
)
def test_a_surcharge_is_read(written: str, found: Surcharge) -> None:
    assert surcharge_of(written) == found


@pytest.mark.parametrize("written", ["", "50%", "-10%", "+", "+1,5%", "+50 %", "1000%", "dix"])
def test_what_is_no_surcharge_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        surcharge_of(written)


@pytest.mark.parametrize(
    ("tariff", "quotient", "how", "reason"),
    [
        (MEAL, 700, "late", "tranche QF 451 à 900 · réservation tardive\u00a0: +10\u00a0%"),
        (MEAL, 700, "unbooked", "tranche QF 451 à 900 · présent sans réservation\u00a0: +50\u00a0%"),
        (SHARE, 800, "late", "0,36\u00a0% du quotient · réservation tardive\u00a0: +1,00\u00a0€"),
        (OPEN_END, 400, "unbooked", "présent sans réservation"),
        (MIXED, 1000, "booked", "tranche QF 301 à 1\u202f200 · 0,33\u00a0% du quotient"),
        (MIXED, 301, "booked", "tranche QF 301 à 1\u202f200 · 0,33\u00a0% du quotient · prix minimum"),
        (OPEN_END, 3000, "booked", "tranche QF 501 et plus · 0,3\u00a0% du quotient · prix maximum"),
    ],
)
def test_a_price_says_what_it_costs_more_for(tariff, quotient, how, reason) -> None:
    found = price([tariff], "repas", None, DAY, quotient, 1, how=how)
    assert (found.reason, found.how) == (reason, how)


def test_what_costs_no_more_is_not_late() -> None:
    found = price([OUTSIDE], "repas", "outside", DAY, None, 1, how="late")
    assert (found.cents, found.reason, found.how) == (680, "à l’unité", "booked")


def test_a_price_of_time_says_its_steps_and_is_their_multiple() -> None:
    found = price([HALF_HOUR], "soir", None, DAY, 600, 2, stay=Stay(3, 30))
    assert (found.cents, found.quantity, found.unit_cents) == (90, 3, 30)
    assert found.reason.endswith("dès le 2e enfant · 3 × 30\u00a0min")
    assert price([HALF_HOUR], "soir", None, DAY, 600, 1, stay=Stay(1, 30)).reason.endswith(" · 30\u00a0min")


def test_a_surcharge_makes_the_day_one_unit() -> None:
    found = price([HALF_HOUR], "soir", None, DAY, 600, 1, how="unbooked", stay=Stay(3, 30))
    assert (found.cents, found.quantity) == (180, 1)


def test_who_leaves_before_coming_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        stayed(EVENING, 1000, 999)


clocks = st.integers(990, 1200)


@given(clocks, clocks, st.integers(1, 90))
def test_staying_longer_never_costs_less(left: int, later: int, cents: int) -> None:
    left, later = sorted((left, later))
    pickup = LatePickup(1110, cents)
    assert stayed(EVENING, 990, left).units <= stayed(EVENING, 990, later).units
    assert stayed(EVENING, 990, later, pickup).units <= 4


def test_a_line_is_priced_again_by_the_quotient_of_its_day() -> None:
    found = reprice(410, [MEAL], "repas", None, DAY, 700, 1)
    assert (found.old, found.new.cents, found.difference) == (410, 280, -130)
    assert reprice(308, [MEAL], "repas", None, DAY, 700, 1, how="late").difference == 0


BEGAN = datetime(2026, 9, 14, 7, tzinfo=UTC)
DAYS = [(date(2026, 9, day), 280) for day in (14, 15, 17)]
SICK = AbsenceRule("sick", due_days=1, proof_hours=72)


@pytest.mark.parametrize(
    ("rule", "proved", "due"),
    [
        pytest.param(SICK, BEGAN + timedelta(hours=72), [280, 0, 0], id="the first day is due"),
        pytest.param(SICK, BEGAN + timedelta(hours=72, seconds=1), [280] * 3, id="a proof too late"),
        pytest.param(SICK, None, [280] * 3, id="no proof"),
        pytest.param(AbsenceRule("strike"), None, [0, 0, 0], id="nothing is due"),
        pytest.param(AbsenceRule("sick", due_days=5), None, [280] * 3, id="three days of five"),
        pytest.param(AbsenceRule("other", 1, None, 50), None, [280, 140, 140], id="half comes back"),
    ],
)
def test_which_days_of_an_absence_are_due(rule: AbsenceRule, proved: datetime | None, due: list[int]) -> None:
    assert [cents for _, cents in due_of_absence(rule, DAYS, BEGAN, proved)] == due


def test_two_slots_of_a_day_are_one_day_of_absence() -> None:
    days = [(DAYS[0][0], 80), (DAYS[0][0], 160), (DAYS[1][0], 80)]
    assert [cents for _, cents in due_of_absence(SICK, days, BEGAN, BEGAN)] == [80, 160, 0]


def test_72_hours_are_elapsed_hours_when_the_clocks_move() -> None:
    """The night to 25 October 2026 has an hour more."""
    friday = datetime.fromisoformat("2026-10-23T08:00+02:00")
    in_time, late = (datetime.fromisoformat(f"2026-10-26T07:0{n}+01:00") for n in (0, 1))
    days = [(date(2026, 10, 23), 280), (date(2026, 10, 26), 280)]
    assert [sum(c for _, c in due_of_absence(SICK, days, friday, proved)) for proved in (in_time, late)] == [
        280,
        560,
    ]


lines = st.lists(
    st.builds(
        lambda day, child, cents: (date(2026, 9, day), child, cents),
        st.integers(1, 30), st.integers(1, 3), st.integers(0, 900),
    )
)  # fmt: skip
caps = st.none() | st.integers(1, 2000)
aids_of = st.lists(
    st.builds(
        lambda cents, child, most_cents, most_days: (cents, child, most_cents, most_days),
        st.integers(1, 500), st.none() | st.integers(1, 3), caps, st.none() | st.integers(1, 10),
    ),
    max_size=3,
)  # fmt: skip


@given(aids_of, lines)
def test_aids_never_give_more_than_a_line_costs_nor_than_their_caps(said, days) -> None:
    aids = [
        Aid(n, cents, date(2026, 9, 1), child=child, most_cents=most, most_days=number)
        for n, (cents, child, most, number) in enumerate(said)
    ]
    priced = [AidedLine(n, day, child, "repas", cents) for n, (day, child, cents) in enumerate(days)]
    given_ = deduct(aids, priced)
    for line in priced:
        assert sum(one.cents for one in given_ if one.line == line.id) <= line.cents
    for aid in aids:
        mine = [one for one in given_ if one.aid == aid.id]
        assert all(0 < one.cents <= aid.cents for one in mine)
        assert aid.most_cents is None or sum(one.cents for one in mine) <= aid.most_cents
        dates = {(priced[one.line].child, priced[one.line].day) for one in mine}
        assert aid.most_days is None or len(dates) <= aid.most_days
        assert aid.child is None or {child for child, _ in dates} <= {aid.child}
