"""Which tariff is the one that counts, and which two cannot both stand."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.rules.pricing import NoTariff, Tariff, choose, clashes

DAY = date(2018, 9, 3)
EVERY = Tariff(1, "flat", amount=1)
DATED = Tariff(2, "flat", amount=2, start=date(2019, 1, 1), end=date(2019, 1, 31))
OUTSIDE = Tariff(3, "flat", amount=3, category="outside")
OUTSIDE_DATED = Tariff(4, "flat", amount=4, category="outside", start=date(2019, 1, 1))
SOIR = Tariff(5, "flat", amount=5, slot="soir")
SOIR_OUTSIDE = Tariff(6, "flat", amount=6, slot="soir", category="outside")
ALL = (EVERY, DATED, OUTSIDE, OUTSIDE_DATED, SOIR, SOIR_OUTSIDE)
slots = st.sampled_from(["matin", "soir"])
categories = st.sampled_from(["resident", "outside", None])
some_days = st.dates(date(2018, 12, 29), date(2019, 1, 4))


@pytest.mark.parametrize(
    ("slot", "category", "day", "expected"),
    [
        pytest.param("matin", None, "2018-12-31", EVERY, id="nothing more precise"),
        pytest.param("matin", None, "2019-01-01", DATED, id="dates beat nothing, on their first day"),
        pytest.param("matin", None, "2019-01-31", DATED, id="and on their last"),
        pytest.param("matin", None, "2019-02-01", EVERY, id="and not after"),
        pytest.param("matin", "outside", "2018-12-31", OUTSIDE, id="category beats nothing"),
        pytest.param("matin", "outside", "2019-01-15", OUTSIDE_DATED, id="category and dates beat category"),
        pytest.param("matin", "resident", "2018-12-31", EVERY, id="another category has the common price"),
        pytest.param("soir", "resident", "2019-01-15", SOIR, id="slot beats dates"),
        pytest.param(
            "soir", "outside", "2019-01-15", SOIR_OUTSIDE, id="slot and category beat category and dates"
        ),
    ],
)
def test_the_most_specific_tariff_wins(slot: str, category: str | None, day: str, expected: Tariff) -> None:
    for order in permutations(ALL):
        assert choose(order, slot, category, date.fromisoformat(day)) is expected


def test_slot_beats_category() -> None:
    for order in permutations((SOIR, OUTSIDE_DATED)):
        assert choose(order, "soir", "outside", date(2019, 1, 15)) is SOIR


def test_category_beats_dates() -> None:
    for order in permutations((OUTSIDE, DATED)):
        assert choose(order, "matin", "outside", date(2019, 1, 15)) is OUTSIDE


def test_a_tie_does_not_depend_on_the_order() -> None:
    twin = Tariff(9, "flat", amount=9)
    assert choose([twin, EVERY], "matin", None, DAY) is choose([EVERY, twin], "matin", None, DAY) is EVERY


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        pytest.param(Tariff(1, "flat"), Tariff(2, "flat"), True, id="twice for everything"),
        pytest.param(Tariff(1, "flat", slot="matin"), Tariff(2, "flat", slot="soir"), False, id="two slots"),
        pytest.param(
            Tariff(1, "flat", slot="matin"), Tariff(2, "rate", slot="matin"), True, id="one slot twice"
        ),
        pytest.param(Tariff(1, "flat", slot="matin"), Tariff(2, "flat"), False, id="one is more precise"),
        pytest.param(
            Tariff(1, "flat", category="pai"), Tariff(2, "flat", category="staff"), False, id="categories"
        ),
        pytest.param(
            Tariff(1, "flat", slot="matin", category="pai"),
            Tariff(2, "flat", slot="matin"),
            False,
            id="slot and more",
        ),
        pytest.param(
            Tariff(1, "flat", end=date(2018, 12, 31)),
            Tariff(2, "flat", start=date(2019, 1, 1)),
            False,
            id="in turn",
        ),
        pytest.param(
            Tariff(1, "flat", end=date(2019, 1, 1)),
            Tariff(2, "flat", start=date(2019, 1, 1)),
            True,
            id="a day too many",
        ),
        pytest.param(
            Tariff(1, "flat"), Tariff(2, "flat", start=date(2019, 1, 1)), False, id="dates are more precise"
        ),
        pytest.param(
            Tariff(1, "flat", start=date(2019, 2, 1), end=date(2019, 1, 1)),
            Tariff(2, "flat", start=date(2019, 1, 1)),
            False,
            id="dates that hold no day",
        ),
    ],
)
def test_two_tariffs_clash(one: Tariff, other: Tariff, clash: bool) -> None:
    assert clashes([one, other]) == ([(one, other)] if clash else [])
    assert bool(clashes([other, one])) is clash


@st.composite
def tables(draw: st.DrawFn) -> list[Tariff]:
    """Some tariffs of one price each, as different as a mairie can write them."""
    count = draw(st.integers(1, 6))
    return [
        Tariff(
            number,
            "flat",
            amount=number,
            slot=draw(st.none() | slots),
            category=draw(categories),
            start=draw(st.none() | some_days),
            end=draw(st.none() | some_days),
        )
        for number in range(1, count + 1)
    ]


@given(tables(), slots, categories, some_days)
def test_what_is_chosen_fits_and_nothing_that_fits_is_more_specific(
    tariffs: list[Tariff], slot: str, category: str | None, day: date
) -> None:
    def fits(one: Tariff) -> bool:
        return (
            (one.slot is None or one.slot == slot)
            and (one.category is None or one.category == category)
            and (one.start is None or one.start <= day)
            and (one.end is None or day <= one.end)
        )

    def weight(one: Tariff) -> int:
        return 4 * (one.slot is not None) + 2 * (one.category is not None) + bool(one.start or one.end)

    try:
        chosen = choose(tariffs, slot, category, day)
    except NoTariff:
        assert not any(map(fits, tariffs))
    else:
        assert fits(chosen)
        assert weight(chosen) == max(weight(one) for one in tariffs if fits(one))


@given(tables(), slots, categories, some_days)
def test_without_a_clash_there_is_one_winner(
    tariffs: list[Tariff], slot: str, category: str | None, day: date
) -> None:
    assume(not clashes(tariffs))
    try:
        chosen = choose(tariffs, slot, category, day)
    except NoTariff:
        return
    for order in permutations(tariffs[:4]):
        assert choose([*order, *tariffs[4:]], slot, category, day) is chosen
    renumbered = [
        Tariff(
            -one.id, "flat", one.amount, slot=one.slot, category=one.category, start=one.start, end=one.end
        )
        for one in tariffs
    ]
    assert choose(renumbered, slot, category, day).amount == chosen.amount


@given(tables())
def test_a_clash_is_a_day_on_which_neither_wins(tariffs: list[Tariff]) -> None:
    week = [
        date(2018, 12, 29),
        date(2018, 12, 30),
        date(2018, 12, 31),
        *(date(2019, 1, n) for n in range(1, 5)),
    ]
    for one, other in clashes(tariffs):
        swapped = Tariff(
            -other.id,
            "flat",
            other.amount,
            slot=other.slot,
            category=other.category,
            start=other.start,
            end=other.end,
        )
        assert any(
            choose([one, other], slot, category, day) is one
            and choose([one, swapped], slot, category, day) is swapped
            for slot in ("matin", "soir")
            for category in ("resident", "outside", None)
            for day in week
            if (one.slot or slot) == slot
            and (one.category or category) == category
            and (one.start or day) <= day <= (one.end or day)
            and (other.start or day) <= day <= (other.end or day)
        )
