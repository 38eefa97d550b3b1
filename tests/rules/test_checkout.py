"""What is to be paid now, and which entries does money make?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import postings
from models.rules.checkout import Bill, bill, membership, settled_meanwhile, still_covers
from models.rules.postings import FamilyAccount, LegDraft, Posting

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
    family_account = FamilyAccount(1, 2)
    made = [
        postings.credit_held(family_account, 3, cents),
        postings.credit_freed(family_account, 3, cents),
        postings.credit_used(family_account, 3, cents),
        postings.paid(family_account, "demo", "A1", cents),
        postings.paid(family_account, "demo", "A2", cents, {7: cents}),
        postings.paid(family_account, "demo", "A3", cents + 500, {7: cents, 9: 200}),
        postings.given_back(family_account, "cancel:4", "cantine", cents, "Annulation"),
        postings.opening_debt(family_account, "opening:1:0", cents, "Cantine"),
        postings.opening_paid(family_account, "opening:1:0:paid", cents, "Cantine"),
    ]
    sale = postings.sold(family_account, 3, revenue, "2 réservations")
    for posting in [*made, *([sale] if sale else [])]:
        assert sum(leg.cents for leg in posting.legs) == 0
        assert all(leg.cents for leg in posting.legs)


def test_a_payment_counts_with_each_invoice_what_is_for_it() -> None:
    posting = postings.paid(FamilyAccount(1, 2), "demo", "A", 1000, {9: 200, 7: 300})
    assert [(leg.account, leg.cents, leg.invoice) for leg in posting.legs] == [
        ("bank:demo:2", 1000, None),
        ("family:1:2", -500, None),
        ("family:1:2", -300, 7),
        ("family:1:2", -200, 9),
    ]


def test_an_unbalanced_entry_is_refused() -> None:
    with pytest.raises(ValueError):
        Posting("x", "sale", "x", (LegDraft("a", 1), LegDraft("b", -2)))


def test_an_order_paid_with_credit_and_card_leaves_nothing_owed() -> None:
    family_account = FamilyAccount(1, 2)
    sale = postings.sold(family_account, 9, {"cantine": 340}, "1 réservation")
    assert sale is not None
    steps = (
        postings.credit_held(family_account, 9, 80),
        postings.paid(family_account, "demo", "A", 260),
        postings.credit_used(family_account, 9, 80),
    )
    moved = sum(
        leg.cents for posting in (*steps, sale) for leg in posting.legs if leg.account == family_account.code
    )
    assert -80 + moved == 0
