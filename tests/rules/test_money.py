"""Money on screen and to the exact cent."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.money import euros, grouped, percent, reduce


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        pytest.param(0, "0,00\u00a0€", id="nothing"),
        pytest.param(5, "0,05\u00a0€", id="a few cents keep both decimals"),
        pytest.param(70, "0,70\u00a0€", id="a morning in Lens"),
        pytest.param(1690, "16,90\u00a0€", id="the basket of Lens"),
        pytest.param(-340, "\u22123,40\u00a0€", id="a cancelled meal has a true minus"),
        pytest.param(-7, "\u22120,07\u00a0€", id="minus less than a euro"),
        pytest.param(99_999, "999,99\u00a0€", id="the last one without a group"),
        pytest.param(123_450, "1\u202f234,50\u00a0€", id="thousands are apart"),
        pytest.param(-123_456_789, "\u22121\u202f234\u202f567,89\u00a0€", id="millions owed"),
    ],
)
def test_euros_are_written_the_french_way(cents: int, text: str) -> None:
    assert euros(cents) == text


def test_a_number_is_grouped_by_thousands() -> None:
    assert [grouped(n) for n in (0, 800, 1200, -1200)] == ["0", "800", "1\u202f200", "\u22121\u202f200"]


@pytest.mark.parametrize(
    ("value", "rate", "cents"),
    [
        pytest.param(800, "0.36", 288, id="the example of the commune file"),
        pytest.param(0, "0.36", 0, id="a quotient of zero is a price of zero"),
        pytest.param(617, "0.5", 309, id="308.5 cents round up"),
        pytest.param(621, "0.36", 224, id="223.56 cents round up"),
        pytest.param(401, "0.36", 144, id="144.36 cents round down"),
        pytest.param(50, "0.29", 15, id="14.5 cents round up though a float says 14.499999"),
        pytest.param(300, "1", 300, id="a whole rate"),
    ],
)
def test_a_rate_of_the_quotient_is_exact(value: int, rate: str, cents: int) -> None:
    assert percent(value, rate) == cents


@pytest.mark.parametrize("rate", ["", "0,36", "-1", "1/3", "1e3", "nan", " 1", "1.", "٣"])
def test_a_rate_that_is_no_plain_decimal_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        percent(800, rate)


@pytest.mark.parametrize(
    ("cents", "by", "left"),
    [
        pytest.param(340, 20, 272, id="a fifth less"),
        pytest.param(350, 15, 298, id="297.5 cents round up"),
        pytest.param(1, 50, 1, id="half a cent rounds up"),
        pytest.param(340, 0, 340, id="no reduction"),
        pytest.param(340, 100, 0, id="free"),
    ],
)
def test_a_reduction_rounds_what_is_left(cents: int, by: int, left: int) -> None:
    assert reduce(cents, by) == left


@pytest.mark.parametrize("by", [-1, 101])
def test_a_reduction_outside_0_to_100_is_refused(by: int) -> None:
    with pytest.raises(ValueError, match=str(by)):
        reduce(340, by)


@given(st.integers(0, 10_000), st.decimals(0, 20, places=3))
def test_a_rate_agrees_with_the_decimal_module(value: int, rate: Decimal) -> None:
    assert percent(value, str(rate)) == (value * rate).quantize(Decimal(1), ROUND_HALF_UP)


@given(st.integers(0, 100_000), st.integers(0, 100))
def test_a_reduction_never_raises_a_price_nor_goes_below_zero(cents: int, by: int) -> None:
    assert 0 <= reduce(cents, by) <= cents


@given(st.integers(-(10**9), 10**9))
def test_what_is_written_can_be_read_back(cents: int) -> None:
    digits = euros(cents).removesuffix("\u00a0€").replace("\u202f", "").replace(",", "")
    assert int(digits.replace("\u2212", "-")) == cents
