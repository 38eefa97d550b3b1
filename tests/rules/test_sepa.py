"""On which day money is collected, when a mandate ends, whose identifier is one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.states.debits import Sequence
from models.rules.till import sepa

DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("day", "open"),
    [
        pytest.param(date(2026, 1, 1), False, id="New Year"),
        pytest.param(date(2026, 4, 3), False, id="Good Friday"),
        pytest.param(date(2026, 4, 6), False, id="Easter Monday"),
        pytest.param(date(2026, 5, 1), False, id="the first of May"),
        pytest.param(date(2026, 5, 8), True, id="a holiday of France alone"),
        pytest.param(date(2026, 7, 14), True, id="the fourteenth of July"),
        pytest.param(date(2026, 12, 25), False, id="Christmas"),
        pytest.param(date(2025, 12, 26), False, id="the day after"),
        pytest.param(date(2026, 12, 24), True, id="the day before"),
        pytest.param(date(2026, 11, 28), False, id="a Saturday"),
        pytest.param(date(2026, 11, 29), False, id="a Sunday"),
    ],
)
def test_money_moves_when_target2_is_open(day: date, open: bool) -> None:
    assert sepa.is_bank_day(day) is open


@pytest.mark.parametrize(
    ("due", "told", "collected"),
    [
        pytest.param(date(2026, 12, 3), date(2026, 11, 3), date(2026, 12, 3), id="the day to pay"),
        pytest.param(date(2026, 12, 5), date(2026, 11, 3), date(2026, 12, 7), id="after a week-end"),
        pytest.param(date(2026, 11, 10), date(2026, 11, 3), date(2026, 11, 17), id="14 days at least"),
        pytest.param(
            date(2026, 12, 24), date(2026, 12, 11), date(2026, 12, 28), id="14 days, then Christmas"
        ),
    ],
)
def test_the_day_of_a_collection(due: date, told: date, collected: date) -> None:
    assert sepa.collection_day(due, told) == collected


@given(due=DAYS, told=DAYS)
def test_a_collection_is_told_in_time_and_never_early(due: date, told: date) -> None:
    day = sepa.collection_day(due, told)
    assert sepa.is_bank_day(day) and day >= due
    assert day - told >= timedelta(days=sepa.NOTICE_DAYS)
    assert day - max(due, told + timedelta(days=sepa.NOTICE_DAYS)) <= timedelta(days=5)


def test_a_file_leaves_the_day_before() -> None:
    assert sepa.earliest(date(2026, 11, 30)) == date(2026, 12, 1)
    assert sepa.earliest(date(2026, 12, 24)) == date(2026, 12, 28)
    assert sepa.earliest(date(2026, 11, 28)) == date(2026, 12, 1), "on a Saturday no bank reads it"


@pytest.mark.parametrize(
    ("used", "over"),
    [(date(2023, 11, 30), date(2026, 11, 30)), (date(2024, 2, 29), date(2027, 3, 1))],
)
def test_a_mandate_ends_after_36_months_unused(used: date, over: date) -> None:
    assert sepa.expires_on(used) == over


def test_the_first_is_told_from_those_that_follow() -> None:
    assert sepa.sequence(collected_before=False) is Sequence.FIRST
    assert sepa.sequence(collected_before=True) is Sequence.RECURRING


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("FR72ZZZ123456", True),
        ("FR72ABC123456", True),  # the business code is the creditor's own
        ("FR73ZZZ123456", False),
        ("FR72ZZZ123457", False),
        ("FR72ZZZ1234567", False),
        ("DE98ZZZ09999999999", True),
        ("fr72zzz123456", False),
        ("", False),
    ],
)
def test_whose_identifier_is_one(text: str, good: bool) -> None:
    assert sepa.is_creditor(text) is good


LETTERS = st.text(st.sampled_from("aZ09-é °/"), max_size=40)


@given(till=LETTERS, family=LETTERS, number=st.integers(1, 999))
def test_a_mandates_reference_is_what_every_bank_takes(till: str, family: str, number: int) -> None:
    found = sepa.mandate_reference(till, family, number)
    assert len(found) <= sepa.LONGEST_MANDATE
    assert set(found) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") and found.endswith(f"-{number}")
