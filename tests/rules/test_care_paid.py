"""What of a payment is care: hand-computed, to the cent."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.rules.money import add_percent
from models.rules.papers.care_paid import (
    Charge,
    care_in_year,
    care_of_day,
    care_of_price,
    care_paid,
    paid_of_orders,
)

LOU, TOM = (1, 10), (2, 10)  # children at the morning care


def test_an_invoice_paid_in_full_counts_its_care_to_the_cent() -> None:
    """100,00 € of which 33,33 € are Lou's care and 10,01 € Tom's; meals are the rest."""
    assert care_paid(Charge(10000, {LOU: 3333, TOM: 1001}, 10000)) == {LOU: 3333, TOM: 1001}


def test_paid_in_part_each_care_part_counts_in_proportion_rounded_down() -> None:
    """50,01 € of 100,00 €: 3333 × 5001 / 10000 = 1666,83 → 16,66 €; 1001 × 5001 / 10000 = 500,60 → 5,00 €."""
    assert care_paid(Charge(10000, {LOU: 3333, TOM: 1001}, 5001)) == {LOU: 1666, TOM: 500}


def test_a_charge_paid_over_two_years_counts_once() -> None:
    """20,00 € in December, the rest in January: 3333 × 2000 / 10000 = 6,66 €, then 33,33 − 6,66 = 26,67 €."""
    issued, december, january = (Charge(10000, {LOU: 3333}, paid) for paid in (0, 2000, 10000))
    assert care_in_year([issued], [december]) == {LOU: 666}
    assert care_in_year([december], [january]) == {LOU: 2667}


def test_what_is_taken_back_later_lowers_the_year_in_which_it_is() -> None:
    paid, corrected = Charge(10000, {LOU: 4000}, 10000), Charge(7000, {LOU: 1000}, 7000)
    assert care_in_year([], [paid]) == {LOU: 4000}
    assert care_in_year([paid], [corrected]) == {LOU: -3000}
    assert care_in_year([paid], [paid]) == {}


def test_an_aid_larger_than_the_care_leaves_none_of_it() -> None:
    assert care_paid(Charge(500, {LOU: -20, TOM: 0}, 500)) == {}
    assert care_paid(Charge(0, {}, 0)) == {}
    assert care_paid(Charge(500, {LOU: 300}, -10)) == {}


def test_what_an_account_owes_is_its_old_debts_then_its_newest_orders() -> None:
    assert paid_of_orders([1000, 2000, 500], owed=0, other=0) == [1000, 2000, 500]
    assert paid_of_orders([1000, 2000, 500], owed=900, other=900) == [1000, 2000, 500]
    assert paid_of_orders([1000, 2000, 500], owed=900, other=200) == [1000, 1800, 0]
    assert paid_of_orders([1000, 2000, 500], owed=-300, other=0) == [1000, 2000, 500]
    assert paid_of_orders([1000], owed=300, other=-5000) == [700]
    assert paid_of_orders([], owed=300, other=0) == []


def test_of_a_price_the_care_is_what_the_commune_says() -> None:
    assert care_of_price(340, 50, wholly_care=False) == 50
    assert care_of_price(340, None, wholly_care=False) == 0
    assert care_of_price(340, None, wholly_care=True) == 340
    assert care_of_price(30, 50, wholly_care=False) == 30
    assert care_of_price(340, 50, wholly_care=True) == 50


def test_an_absence_that_is_billed_counts_nothing() -> None:
    assert care_of_day(340, 340, absent=True, late=None) == 0


def test_what_booking_late_adds_counts_nothing() -> None:
    """3,00 € with 50 % more is 4,50 €; with 1,00 € more 4,00 €; a price of its own says nothing."""
    assert care_of_day(450, 450, absent=False, late="+50%") == 300
    assert care_of_day(400, 400, absent=False, late="+100") == 300
    assert care_of_day(1000, 1000, absent=False, late="1000") == 0
    assert care_of_day(1000, 250, absent=False, late="1000") == 250  # its care part stands apart
    assert care_of_day(300, 300, absent=False, late=None) == 300


@given(st.integers(0, 20000), st.integers(0, 200))
def test_the_price_before_its_percent_is_found_again(cents: int, percent: int) -> None:
    dearer = add_percent(cents, percent)
    found = care_of_day(dearer, dearer, absent=False, late=f"+{percent}%")
    assert found <= cents and add_percent(found, percent) == dearer


CARE = st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 2)), st.integers(-500, 5000), max_size=5)


@given(CARE, st.integers(0, 20000), st.lists(st.integers(0, 30000), min_size=1, max_size=4))
def test_years_together_never_count_more_than_was_paid(
    care: dict[tuple[int, int], int], rest: int, payments: list[int]
) -> None:
    """However the payments fall, no year counts below nothing, and at the end all the care that there is."""
    positive = {key: cents for key, cents in care.items() if cents > 0}
    total = sum(positive.values()) + rest
    states = [Charge(total, care, min(total, sum(payments[:n]))) for n in range(len(payments) + 1)]
    years = [care_in_year([one], [two]) for one, two in pairwise(states)]
    assert all(cents > 0 for year in years for cents in year.values())
    assert sum(cents for year in years for cents in year.values()) <= states[-1].paid
    if states[-1].paid == total:
        assert care_paid(states[-1]) == positive
