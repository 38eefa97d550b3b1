"""Amounts in words, as a receipt repeats them."""

import pytest

from models.french.amounts import amount_in_words, number_in_words

NUMBERS = {
    0: "zéro", 1: "un", 10: "dix", 11: "onze", 16: "seize", 17: "dix-sept", 19: "dix-neuf", 20: "vingt",
    21: "vingt et un", 22: "vingt-deux", 30: "trente", 31: "trente et un", 40: "quarante", 41: "quarante et un",
    50: "cinquante", 60: "soixante", 61: "soixante et un", 69: "soixante-neuf", 70: "soixante-dix",
    71: "soixante et onze",
    72: "soixante-douze", 77: "soixante-dix-sept", 79: "soixante-dix-neuf", 80: "quatre-vingts", 81: "quatre-vingt-un",
    82: "quatre-vingt-deux", 89: "quatre-vingt-neuf", 90: "quatre-vingt-dix", 91: "quatre-vingt-onze",
    97: "quatre-vingt-dix-sept", 99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent un", 171: "cent soixante et onze",
    180: "cent quatre-vingts", 181: "cent quatre-vingt-un", 200: "deux cents", 201: "deux cent un",
    280: "deux cent quatre-vingts", 300: "trois cents", 999: "neuf cent quatre-vingt-dix-neuf", 1000: "mille",
    1001: "mille un", 1100: "mille cent", 1200: "mille deux cents", 1980: "mille neuf cent quatre-vingts",
    2000: "deux mille", 21000: "vingt et un mille", 71000: "soixante et onze mille", 80000: "quatre-vingt mille",
    80080: "quatre-vingt mille quatre-vingts", 100000: "cent mille", 200000: "deux cent mille",
    200200: "deux cent mille deux cents", 380000: "trois cent quatre-vingt mille", 1000000: "un million",
    1234567: "un million deux cent trente-quatre mille cinq cent soixante-sept", 2000000: "deux millions",
    80000000: "quatre-vingts millions", 200000000: "deux cents millions", 1000000000: "un milliard",
    3000000071: "trois milliards soixante et onze",
}  # fmt: skip
AMOUNTS = {
    0: "zéro euro",
    1: "un centime",
    2: "deux centimes",
    80: "quatre-vingts centimes",
    100: "un euro",
    101: "un euro et un centime",
    199: "un euro et quatre-vingt-dix-neuf centimes",
    200: "deux euros",
    2552: "vingt-cinq euros et cinquante-deux centimes",
    7100: "soixante et onze euros",
    8020: "quatre-vingts euros et vingt centimes",
    20000: "deux cents euros",
    100000: "mille euros",
    100000000: "un million d’euros",
    200000000: "deux millions d’euros",
    100000100: "un million un euros",
    123456789: "un million deux cent trente-quatre mille cinq cent soixante-sept euros et quatre-vingt-neuf centimes",
}


@pytest.mark.parametrize(("number", "said"), NUMBERS.items())
def test_a_number_in_words(number: int, said: str) -> None:
    assert number_in_words(number) == said


@pytest.mark.parametrize(("cents", "said"), AMOUNTS.items())
def test_an_amount_in_words(cents: int, said: str) -> None:
    assert amount_in_words(cents) == said


def test_no_two_numbers_are_said_alike() -> None:
    assert len({number_in_words(number) for number in range(200_100)}) == 200_100


@pytest.mark.parametrize("cents", [-1, 10**14])
def test_what_no_receipt_says_is_refused(cents: int) -> None:
    with pytest.raises(ValueError, match=str(cents)):
        amount_in_words(cents)
