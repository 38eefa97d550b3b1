"""The lines of an invoice, its number, what waits for the next month, whose bill has moved."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.invoicing.comparison import moved_by_half
from models.rules.invoicing.lines import Line, PricedDay, carries_over, due_of, lines_of
from models.rules.invoicing.numbers import TooLong, WrongFormat, number_format_of

MEAL, EVENING = "Repas de midi", "Accueil du soir"


def on(
    day: int, cents: int, units: int = 1, care: int | None = None, child: str = "Lina", of: str = MEAL
) -> PricedDay:
    return PricedDay(child, of, date(2022, 9, day), cents, units, care)


def test_days_at_one_price_are_one_line() -> None:
    """The tutorial's: 4 meals at 2,90 € are 11,60 €."""
    lines = lines_of([on(n, 290) for n in (1, 5, 6, 8)])
    assert lines == [Line("Lina", MEAL, "", 4, 290)]
    assert due_of(lines) == 1160


def test_another_price_is_another_line_the_dearest_first() -> None:
    assert lines_of([on(1, 224), on(2, 280), on(5, 224)]) == [
        Line("Lina", MEAL, "", 1, 280),
        Line("Lina", MEAL, "", 2, 224),
    ]


def test_the_meal_and_its_care_stand_apart() -> None:
    lines = lines_of([on(1, 280, care=50), on(2, 280, care=50)])
    assert lines == [Line("Lina", MEAL, "meal", 2, 230), Line("Lina", MEAL, "care", 2, 50)]


def test_a_price_below_its_care_part_is_care_alone() -> None:
    assert lines_of([on(1, 40, care=50)]) == [Line("Lina", MEAL, "care", 1, 40)]


def test_what_is_free_is_still_a_line() -> None:
    assert lines_of([on(1, 0, care=50)]) == [Line("Lina", MEAL, "", 1, 0)]


def test_time_is_counted_in_its_units() -> None:
    lines = lines_of([on(1, 160, 4, of=EVENING), on(2, 120, 3, of=EVENING), on(3, 180, of=EVENING)])
    assert lines == [Line("Lina", EVENING, "", 1, 180), Line("Lina", EVENING, "", 7, 40)]
    assert due_of(lines) == 460


def test_children_and_services_keep_their_order() -> None:
    days = [on(1, 10), on(1, 20, child="Noé"), on(2, 10), on(1, 30, of=EVENING)]
    assert [(line.child, line.service) for line in lines_of(days)] == [
        ("Lina", MEAL), ("Noé", MEAL), ("Lina", EVENING)
    ]  # fmt: skip


def test_a_day_that_is_no_multiple_of_its_units_is_an_error() -> None:
    with pytest.raises(ValueError, match="161"):
        lines_of([on(1, 161, 4)])


priced = st.builds(
    lambda n, unit, units, care: on(n, unit * units, units, care),
    st.integers(1, 30), st.integers(0, 900), st.integers(1, 8), st.none() | st.integers(0, 900),
)  # fmt: skip


@given(st.lists(priced))
def test_lines_come_to_what_the_days_cost(days: list[PricedDay]) -> None:
    lines = lines_of(days)
    assert due_of(lines) == sum(day.cents for day in days)
    assert all(line.unit_cents >= 0 and line.quantity > 0 for line in lines)


@pytest.mark.parametrize(
    ("cents", "least", "waits"),
    [(1499, 1500, True), (1500, 1500, False), (0, 1500, False), (-340, 1500, False), (1, None, False)],
)
def test_a_small_sum_waits_for_the_next_invoice(cents: int, least: int | None, waits: bool) -> None:
    assert carries_over(cents, least) is waits


SPRING, AUTUMN = date(2016, 4, 30), date(2020, 9, 30)


@pytest.mark.parametrize(
    ("form", "n", "issued", "number"),
    [
        ("1 {yy}{month}{n:04}", 3631, SPRING, "1 16043631"),
        ("NUM {n}", 2009502, AUTUMN, "NUM 2009502"),
        ("NUM {yy}{month}{n:03}", 502, AUTUMN, "NUM 2009502"),
        ("{year}-{n:05d}", 7, AUTUMN, "2020-00007"),
        ("{n:02}", 12345, AUTUMN, "12345"),
        ("SCO/{n}/{year}", 12, AUTUMN, "SCO/12/2020"),
    ],
)
def test_a_number_is_written_as_the_till_says(form: str, n: int, issued: date, number: str) -> None:
    assert number_format_of(form).number(n, issued) == number


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("FAC", "{n}"),
        ("{year}", "{n}"),
        ("{n}-{n:03}", "{n}"),
        ("{n:5}", "{n:5}"),
        ("{n:00}", "{n:00}"),
        ("{N}", "{N}"),
        ("{n!r}", "{n!r}"),
        ("{till}{n}", "{till}"),
        ("{month}{n}", "{year}"),
        ("{n", "{n"),
        ("n}{n}", "n}"),
        ("{{n}}", "{"),
        ("", "{n}"),
    ],
)
def test_a_form_that_cannot_be_understood_says_where(form: str, field: str) -> None:
    with pytest.raises(WrongFormat) as wrong:
        number_format_of(form)
    assert wrong.value.field == field


def test_a_number_fits_the_file_of_the_tresor() -> None:
    number_format_of("x" * 14 + "{n}")
    with pytest.raises(TooLong):
        number_format_of("x" * 15 + "{n}")


def test_the_count_starts_again_where_a_number_says_its_year() -> None:
    assert [number_format_of(form).restarts for form in ("{year}-{n}", "{yy}{n}", "NUM {n}")] == [
        True,
        True,
        False,
    ]


@given(
    st.sampled_from(["1 {yy}{month}{n:04}", "NUM {n}", "{year}/{n:06}"]),
    st.sets(st.integers(1, 99_999), min_size=2),
)
def test_no_number_comes_twice_in_a_month(form: str, ranks: set[int]) -> None:
    assert len({number_format_of(form).number(n, AUTUMN) for n in ranks}) == len(ranks)


def test_bills_that_moved_by_more_than_a_half() -> None:
    before = {"same": 1000, "half": 1000, "more": 1000, "less": 1000, "gone": 500}
    now = {"same": 1000, "half": 1500, "more": 1501, "less": 499, "new": 2000}
    found = moved_by_half(before, now)
    assert [(one.family, one.difference) for one in found] == [
        ("new", 2000), ("more", 501), ("less", -501), ("gone", -500)
    ]  # fmt: skip
