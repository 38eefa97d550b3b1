"""What a day costs and what the parents are told about it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.pricing import Band, NoTariff, Price, Tariff, price

DAY = date(2018, 9, 3)
BANDS = (Band(400, 100), Band(800, 330), Band(1200, 340), Band(None, 350))
FLAT = Tariff(1, "flat", amount=340)
BRACKETS = Tariff(2, "brackets", bands=BANDS)
RATE = Tariff(3, "rate", rate="0.36", low=100, high=450)
HIGHEST = "tarif le plus élevé\u00a0: quotient non connu"
SHARE = "0,36\u00a0% du quotient"


@pytest.mark.parametrize(
    ("tariff", "quotient", "cents", "reason"),
    [
        pytest.param(FLAT, None, 340, "à l’unité", id="one price for all"),
        pytest.param(FLAT, 0, 340, "à l’unité", id="one price, whatever the quotient"),
        pytest.param(
            BRACKETS, 0, 100, "tranche QF 0 à 400", id="a quotient of zero is known, and the lowest"
        ),
        pytest.param(BRACKETS, 400, 100, "tranche QF 0 à 400", id="the limit belongs to its bracket"),
        pytest.param(BRACKETS, 401, 330, "tranche QF 401 à 800", id="a euro more is the next one"),
        pytest.param(BRACKETS, 1000, 340, "tranche QF 801 à 1\u202f200", id="thousands are apart"),
        pytest.param(BRACKETS, 1201, 350, "tranche QF 1\u202f201 et plus", id="the last bracket has no end"),
        pytest.param(BRACKETS, None, 350, HIGHEST, id="no quotient is the highest bracket"),
        pytest.param(RATE, 800, 288, SHARE, id="a share of the quotient"),
        pytest.param(RATE, 0, 100, f"{SHARE} · prix minimum", id="never under the lowest price"),
        pytest.param(RATE, 278, 100, SHARE, id="the first quotient over the lowest price"),
        pytest.param(RATE, 1250, 450, SHARE, id="the highest price exactly"),
        pytest.param(RATE, 2000, 450, f"{SHARE} · prix maximum", id="never over the highest price"),
        pytest.param(RATE, None, 450, HIGHEST, id="no quotient is the highest price"),
        pytest.param(
            Tariff(4, "brackets", bands=BANDS, no_quotient=345),
            None,
            345,
            "tarif sans quotient connu",
            id="said",
        ),
        pytest.param(
            Tariff(4, "rate", rate="0.36", no_quotient=0),
            None,
            0,
            "tarif sans quotient connu",
            id="said to be free",
        ),
        pytest.param(
            Tariff(4, "brackets", bands=BANDS, no_quotient=345), 0, 100, "tranche QF 0 à 400", id="but known"
        ),
        pytest.param(Tariff(4, "rate", rate="0.36"), 0, 0, SHARE, id="without a lowest price, nothing"),
    ],
)
def test_price_and_reason(tariff: Tariff, quotient: int | None, cents: int, reason: str) -> None:
    assert price([tariff], "repas", None, DAY, quotient, 1) == Price(cents, reason, tariff.id)


@pytest.mark.parametrize(
    ("child_rank", "reduction", "rank", "cents", "said"),
    [
        pytest.param(2, 20, 1, 340, "", id="the eldest pays in full"),
        pytest.param(2, 20, 2, 272, " · réduction de 20\u00a0% dès le 2e enfant", id="the second pays less"),
        pytest.param(2, 20, 4, 272, " · réduction de 20\u00a0% dès le 2e enfant", id="and those after"),
        pytest.param(
            3, 100, 3, 0, " · réduction de 100\u00a0% dès le 3e enfant", id="the third eats for nothing"
        ),
        pytest.param(1, 10, 1, 306, " · réduction de 10\u00a0% dès le 1er enfant", id="from the first on"),
        pytest.param(2, 0, 2, 340, "", id="a reduction of nothing is not mentioned"),
        pytest.param(None, 20, 2, 340, "", id="a reduction for no rank is for nobody"),
    ],
)
def test_brothers_and_sisters(
    child_rank: int | None, reduction: int, rank: int, cents: int, said: str
) -> None:
    tariff = Tariff(1, "flat", amount=340, child_rank=child_rank, reduction=reduction)
    assert price([tariff], "repas", None, DAY, None, rank) == Price(cents, f"à l’unité{said}", 1)


def test_a_reduction_follows_the_bracket() -> None:
    tariff = Tariff(1, "brackets", bands=BANDS, child_rank=2, reduction=15)
    found = price([tariff], "repas", None, DAY, 1300, 2)
    assert found == Price(298, "tranche QF 1\u202f201 et plus · réduction de 15\u00a0% dès le 2e enfant", 1)


def test_the_mornings_and_evenings_of_lens() -> None:
    lens = [Tariff(1, "flat", amount=70, slot="matin"), Tariff(2, "flat", amount=150, slot="soir")]
    assert [price(lens, slot, None, DAY, None, 1).cents for slot in ("matin", "soir")] == [70, 150]
    with pytest.raises(NoTariff) as error:
        price(lens, "midi", "outside", DAY, None, 1)
    assert (error.value.slot, error.value.category, error.value.day) == ("midi", "outside", DAY)


@pytest.mark.parametrize(
    ("tariff", "quotient"),
    [
        pytest.param(Tariff(1, "flat"), 500, id="one price, not written"),
        pytest.param(Tariff(1, "brackets"), 500, id="no bracket"),
        pytest.param(Tariff(1, "brackets"), None, id="no bracket and no quotient"),
        pytest.param(Tariff(1, "brackets", bands=(Band(400, 100),)), 401, id="over the last bracket"),
        pytest.param(Tariff(1, "rate", rate="0.36"), None, id="no highest price and no quotient"),
        pytest.param(Tariff(1, "rate"), 500, id="no rate"),
    ],
)
def test_a_tariff_that_does_not_say_is_no_price(tariff: Tariff, quotient: int | None) -> None:
    with pytest.raises(NoTariff):
        price([tariff], "repas", None, DAY, quotient, 1)


quotients = st.one_of(st.none(), st.integers(0, 3000))
ranks = st.integers(1, 6)


@st.composite
def brackets(draw: st.DrawFn) -> Tariff:
    limits = sorted(draw(st.sets(st.integers(0, 2500), max_size=6)))
    cents = sorted(draw(st.lists(st.integers(0, 900), min_size=len(limits) + 1, max_size=len(limits) + 1)))
    return Tariff(1, "brackets", bands=tuple(map(Band, [*limits, None], cents)))


@st.composite
def rates(draw: st.DrawFn) -> Tariff:
    low, high = sorted((draw(st.integers(0, 900)), draw(st.integers(0, 900))))
    return Tariff(1, "rate", rate=str(draw(st.decimals(0, 2, places=2))), low=low, high=high)


@given(brackets(), st.integers(0, 3000), st.integers(0, 3000))
def test_a_higher_quotient_never_pays_less(tariff: Tariff, one: int, other: int) -> None:
    low, high = (price([tariff], "repas", None, DAY, quotient, 1).cents for quotient in sorted((one, other)))
    assert low <= high


@given(brackets() | rates(), st.integers(0, 3000))
def test_no_quotient_never_pays_less_than_one_that_is_known(tariff: Tariff, quotient: int) -> None:
    unknown = price([tariff], "repas", None, DAY, None, 1).cents
    assert price([tariff], "repas", None, DAY, quotient, 1).cents <= unknown


@given(rates(), quotients)
def test_a_rate_stays_between_its_lowest_and_highest_price(tariff: Tariff, quotient: int | None) -> None:
    assert tariff.low is not None and tariff.high is not None
    assert tariff.low <= price([tariff], "repas", None, DAY, quotient, 1).cents <= tariff.high


@given(st.integers(0, 900), st.integers(1, 4), st.integers(0, 100), ranks)
def test_a_reduction_never_raises_a_price(amount: int, child_rank: int, reduction: int, rank: int) -> None:
    tariff = Tariff(1, "flat", amount=amount, child_rank=child_rank, reduction=reduction)
    found = price([tariff], "repas", None, DAY, None, rank)
    assert 0 <= found.cents <= amount
    assert rank >= child_rank or found.cents == amount
    assert price([tariff], "repas", None, DAY, None, rank + 1).cents <= found.cents


@given(brackets(), st.integers(0, 3000))
def test_the_reason_names_the_bracket_that_holds_the_quotient(tariff: Tariff, quotient: int) -> None:
    reason = price([tariff], "repas", None, DAY, quotient, 1).reason.replace("\u202f", "")
    words = reason.removeprefix("tranche QF ").split(" ")
    assert int(words[0]) <= quotient
    assert words[1] == "et" or quotient <= int(words[2])
