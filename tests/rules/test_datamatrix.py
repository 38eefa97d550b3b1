"""The characters of the datamatrix and their keys."""

from dataclasses import replace

import pytest

from models.rules.papers import datamatrix
from models.rules.papers.datamatrix import Debt, content, key_mod_11, letter_key, two_digit_key

DEBT = Debt(
    establishment="123", period=1, product="045", year=2026, number=16043631, post="038009", cents=2452
)


@pytest.mark.parametrize(
    ("digits", "key"),
    [
        ("1", 9),  # 2: 11 − 2
        ("10", 8),  # 3: 11 − 3
        ("111111", 6),  # 27, rest 5
        ("1111111", 4),  # 29, rest 7: the seventh weighs 2 again
        ("0", 1),  # 11 − 0 is above 9
        ("6", 1),  # 12, rest 1: 10 is above 9
        ("123456789", 2),  # 9·2 + 8·3 + 7·4 + 6·5 + 5·6 + 4·7 + 3·2 + 2·3 + 1·4 = 174, rest 9
    ],
)
def test_the_key_mod_11(digits: str, key: int) -> None:
    assert key_mod_11(digits) == key


@pytest.mark.parametrize(
    ("year", "period", "number", "letter"),
    [
        (2000, 0, 1, "B"),  # 1
        (2000, 0, 22, "Y"),
        (2000, 0, 23, "A"),  # comes round
        (2000, 0, 8, "J"),  # no I
        (2000, 0, 13, "P"),  # no O
        (2026, 1, 16043631, "X"),
    ],
)
def test_the_letter_key_mod_23(year: int, period: int, number: int, letter: str) -> None:
    assert letter_key(replace(DEBT, year=year, period=period, number=number)) == letter


def test_the_letters_are_twenty_three_without_i_o_and_z() -> None:
    assert len(set(datamatrix.LETTERS)) == 23
    assert not set(datamatrix.LETTERS) & set("IOZ")


@pytest.mark.parametrize(("digits", "key"), [("0", "97"), ("1", "94"), ("97", "97"), ("96", "03")])
def test_the_two_digit_key_completes_a_multiple_of_97(digits: str, key: str) -> None:
    assert two_digit_key(digits) == key
    assert (int(digits) * 100 + int(key)) % 97 == 0


def test_each_field_stands_at_its_place() -> None:
    said = content(DEBT)
    assert len(said) == 130

    def field(first: int, last: int) -> str:
        """Counted from one, as the Trésor does."""
        return said[first - 1 : last]

    assert field(1, 64) == " " * 64
    assert field(65, 67) == "123"
    assert field(68, 68) == "1"
    assert field(69, 71) == "045"
    assert field(72, 73) == "00"
    assert field(74, 75) == "26"
    assert field(76, 76) == str(key_mod_11("12310450026"))
    assert field(77, 82) == "940033"
    assert field(83, 86) == "0001"
    assert field(87, 88) == two_digit_key("9400330001")
    assert field(89, 89) == " "
    assert field(90, 91) == two_digit_key(field(92, 115))
    assert field(92, 93) == two_digit_key(field(94, 115))
    assert field(94, 108) == "000000016043631"
    assert field(109, 114) == "038009"
    assert field(115, 115) == "4"
    assert field(116, 116) == "9"
    assert field(119, 119) == "8"
    assert field(120, 121) == "06"
    assert field(122, 122) == " "
    assert field(123, 130) == "    2452"


@pytest.mark.parametrize(
    "wrong",
    [
        {"establishment": "12"},
        {"establishment": "12a"},
        {"establishment": "1²3"},
        {"period": 10},
        {"product": "45"},
        {"number": 0},
        {"number": 10**15},
        {"post": "38009"},
        {"cents": 0},
        {"cents": 10**8},
    ],
)
def test_what_does_not_fit_into_its_field_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replace(DEBT, **wrong)  # type: ignore[arg-type]
