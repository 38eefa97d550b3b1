"""The figures of a telephone: as RFC 6238 has them, each once, half a minute early or late at most."""

import pytest

from models.rules.accounts.one_time_code import code_at, is_required, step_of, written

SECRET = b"12345678901234567890"  # of the RFC's own table (appendix B), whose eight figures end in our six
NOW = 1_111_111_109
STEP = NOW // 30


@pytest.mark.parametrize(
    ("moment", "figures"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_figures_are_those_of_the_standard(moment: int, figures: str) -> None:
    assert code_at(SECRET, moment // 30) == figures[-6:]
    assert step_of(SECRET, f" {figures[2:5]} {figures[5:]} ", moment, 0) == moment // 30


@pytest.mark.parametrize(("drift", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(drift: int, taken: bool) -> None:
    assert (step_of(SECRET, code_at(SECRET, STEP + drift), NOW, 0) == STEP + drift) == taken


def test_a_code_works_once_and_none_before_it() -> None:
    assert step_of(SECRET, code_at(SECRET, STEP), NOW, STEP) is None
    assert step_of(SECRET, code_at(SECRET, STEP - 1), NOW, STEP) is None
    assert step_of(SECRET, code_at(SECRET, STEP + 1), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["", "000000", "12345", "1234567", "abcdef", "٠٨١٨٠٤"])
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    assert step_of(SECRET, typed, NOW, 0) is None


def test_the_key_is_written_in_groups() -> None:
    assert written(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_of_whom_it_is_asked() -> None:
    assert is_required(["administrator"], False) and is_required(["kitchen", "cashier"], False)
    assert not is_required(["manager", "reader"], False) and is_required(["reader"], True)
