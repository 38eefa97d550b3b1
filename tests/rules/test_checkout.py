"""What is to be paid now, and which entries does money make?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import accounts
from models.rules.accounts import LegOf, Posting, Purse
from models.rules.checkout import Bill, bill, membership, settled_meanwhile, still_covers

CENTS = st.integers(-100_000, 100_000)


@pytest.mark.parametrize(
    ("net", "standing", "expected"),
    [
        (1690, 0, Bill(1690, 0, 0, 1690, 0, 0)),
        (-680, 0, Bill(-680, 0, 0, 0, 0, 680)),
        (600, -680, Bill(600, 0, 600, 0, 0, 80)),
        (340, -80, Bill(340, 0, 80, 260, 0, 0)),
        (1440, 500, Bill(1440, 500, 0, 1940, 0, 0)),
        (70, 0, Bill(70, 0, 0, 0, 70, 0)),
        (100, 0, Bill(100, 0, 0, 100, 0, 0)),
        (0, 0, Bill(0, 0, 0, 0, 0, 0)),
        (-340, 500, Bill(-340, 0, 0, 0, 0, 0)),
        (-680, 500, Bill(-680, 0, 0, 0, 0, 180)),
    ],
)
def test_the_bill_of_a_till(net: int, standing: int, expected: Bill) -> None:
    assert bill(net, standing, 100) == expected


@given(CENTS, CENTS)
def test_no_cent_appears_or_disappears(net: int, standing: int) -> None:
    """What stood, plus the lines, less the card, is what stands afterwards."""
    made = bill(net, standing, 100)
    after = standing + net - made.due
    assert made.leaves == max(0, -after)
    assert made.due == 0 or after == 0
    assert made.due == 0 or made.due >= 100
    assert min(made.debt, made.credit, made.due, made.postponed, made.leaves) >= 0
    assert made.due == 0 or made.due == made.net + made.debt - made.credit


def test_a_membership_mixes_with_nothing() -> None:
    assert membership(3400, 100) == Bill(3400, 0, 0, 3400, 0, 0)
    assert membership(0, 100) == Bill(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("fees", [1, 99])
def test_a_membership_too_small_for_a_card_goes_on_the_account(fees: int) -> None:
    assert membership(fees, 100) == Bill(fees, 0, 0, 0, fees, 0)
    assert membership(100, 100).postponed == 0


def test_what_a_late_payment_was_counting_on() -> None:
    assert settled_meanwhile(150, 150) == 0 == settled_meanwhile(150, 400) == settled_meanwhile(0, -80)
    assert settled_meanwhile(150, 100) == 50 and settled_meanwhile(150, -80) == 150
    assert still_covers(100, -100) and still_covers(0, 250) and not still_covers(100, -99)


@given(st.integers(1, 10_000), st.dictionaries(st.sampled_from("abc"), st.integers(-5000, 5000)))
def test_every_entry_balances(cents: int, revenue: dict[str, int]) -> None:
    purse = Purse(1, 2)
    made = [
        accounts.credit_held(purse, 3, cents),
        accounts.credit_freed(purse, 3, cents),
        accounts.credit_used(purse, 3, cents),
        accounts.paid(purse, "demo", "A1", cents),
        accounts.given_back(purse, "cancel:4", "cantine", cents, "Annulation"),
        accounts.opening_debt(purse, "opening:1:0", cents, "Cantine"),
        accounts.opening_paid(purse, "opening:1:0:paid", cents, "Cantine"),
    ]
    sale = accounts.sold(purse, 3, revenue, "2 réservations")
    for posting in [*made, *([sale] if sale else [])]:
        assert sum(leg.cents for leg in posting.legs) == 0
        assert all(leg.cents for leg in posting.legs)


def test_an_unbalanced_entry_is_refused() -> None:
    with pytest.raises(ValueError):
        Posting("x", "sale", "x", (LegOf("a", 1), LegOf("b", -2)))


def test_an_order_paid_with_credit_and_card_leaves_nothing_owed() -> None:
    purse = Purse(1, 2)
    sale = accounts.sold(purse, 9, {"cantine": 340}, "1 réservation")
    assert sale is not None
    steps = (
        accounts.credit_held(purse, 9, 80),
        accounts.paid(purse, "demo", "A", 260),
        accounts.credit_used(purse, 9, 80),
    )
    moved = sum(leg.cents for posting in (*steps, sale) for leg in posting.legs if leg.account == purse.code)
    assert -80 + moved == 0
