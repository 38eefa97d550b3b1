"""A family's file: who is known already, numbers, telephones, the class after, quotients over time."""

from datetime import date

import pytest

from models.rules.families.classes import Next, next_class
from models.rules.families.contact import is_email, phone_of
from models.rules.families.namesakes import Known, likenesses, same_name
from models.rules.families.numbers import next_number
from models.rules.families.quotients import Span, takes_over, until

BORN = date(2017, 5, 12)
LINA = Known(1, "VF-1", "Lina Durand", born=BORN)
CAMILLE = Known(1, "VF-1", "Camille Durand", email="camille@durand.example")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Léa Durand", "LEA DURAND", True),
        ("Durand Léa", "Léa Durand", True),
        ("Léa-Marie Durand", "lea marie  durand", True),
        ("Zoé L’Œuvre", "zoe l'oeuvre", True),
        ("Léa Durand", "Léo Durand", False),
        ("Léa Durand", "Léa Durand Petit", False),
    ],
)
def test_a_name_is_the_same_whatever_its_letters(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("children", "emails", "found"),
    [
        ([("lina DURAND", BORN)], [], [LINA]),
        ([("Lina Durand", date(2017, 5, 13))], [], []),
        ([("Noé Durand", BORN)], [], []),
        ([], ["Camille@Durand.example"], [CAMILLE]),
        ([], ["", "olivier@durand.example"], []),
        ([("Durand Lina", BORN)], ["camille@durand.example"], [LINA, CAMILLE]),
    ],
)
def test_who_may_be_there_already(
    children: list[tuple[str, date]], emails: list[str], found: list[Known]
) -> None:
    assert likenesses(children, emails, [LINA, CAMILLE]) == found


@pytest.mark.parametrize(
    ("known", "number"),
    [
        ([], "1"),
        (["libre"], "1"),
        (["VF-1001", "VF-1008", "VF-1002"], "VF-1009"),
        (["VF-0099", "VF-0009"], "VF-0100"),
        (["VF-1", "VF-2", "ancien 900"], "VF-3"),
        (["9", "10"], "11"),
        (["VF-999"], "VF-1000"),
    ],
)
def test_the_next_number_goes_on_as_the_commune_counts(known: list[str], number: str) -> None:
    assert next_number(known) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 00 00 10 03", "06 00 00 10 03"),
        ("0600001003", "06 00 00 10 03"),
        ("+33 6.00.00.10.03", "06 00 00 10 03"),
        ("0033600001003", "06 00 00 10 03"),
        ("+33 (0)6 00 00 10 03", "06 00 00 10 03"),
        ("+41 22 345 67 89", "+41223456789"),
        ("06 00 00", None),
        ("beaucoup", None),
    ],
)
def test_a_telephone_is_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert phone_of(typed) == kept


def test_an_email_has_two_sides() -> None:
    assert is_email("a@b.fr") and not is_email("a b@c.fr") and not is_email("ab.fr") and not is_email("@b.fr")


TAUGHT = {1: ("PS", "MS", "GS"), 2: ("CP", "CE1", "CM2"), 3: ("GS", "CP")}


@pytest.mark.parametrize(
    ("level", "school", "after"),
    [
        ("PS", 1, Next("MS", (1,))),
        ("GS", 1, Next("CP", (2, 3))),
        ("GS", 3, Next("CP", (3,))),
        ("CE1", 2, Next("CE2", ())),
        ("CM2", 2, None),
        ("ULIS", 2, None),
    ],
)
def test_the_class_after(level: str, school: int, after: Next | None) -> None:
    assert next_class(level, school, TAUGHT) == after


def test_a_quotient_ends_the_one_before_it() -> None:
    first, second = Span(1, 420, date(2025, 9, 1), None), Span(2, 500, date(2026, 1, 1), None)
    assert takes_over([first, second], date(2025, 11, 1)) == (None, first)
    assert takes_over([first, second], date(2026, 3, 1)) == (None, second)
    assert takes_over([first, second], date(2026, 1, 1)) == (second, first)
    assert takes_over([first], date(2025, 8, 1)) == (None, None)
    over = Span(3, 1, date(2024, 1, 1), date(2024, 12, 31))
    assert takes_over([over], date(2025, 1, 1)) == (None, None)


def test_a_quotient_lasts_until_the_next_begins() -> None:
    first, second = Span(1, 420, date(2025, 9, 1), None), Span(2, 500, date(2026, 1, 1), date(2026, 6, 30))
    assert until(first, [first, second]) == date(2025, 12, 31)
    assert until(second, [first, second]) == date(2026, 6, 30)
    assert until(first, [first]) is None
