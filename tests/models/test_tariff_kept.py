"""What was bought names the tariff that said its price, and says why in full, whatever the price list becomes."""

import tomllib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import clock
from models.activities.tariff import Band, Tariff
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import OrderLine
from models.commune_file import load, parse, shift_to_year, shipped
from models.rules.pricing import day_price
from tests.engines import ON_SQLITE
from tests.models import busy
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
Change = Callable[[dict[str, Any]], object]
MEAL, MONDAY, TUESDAY = "Repas de midi", "2025-11-24", "2025-11-25"
MEALS = 0  # where the file has them


@ON_SQLITE
async def test_whoever_writes_a_price_writes_its_tariff(
    portal: OpenPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = await portal("demo", now=busy.NOW)
    await busy.fill(town, monkeypatch)
    for noun, number in ((CartLine, 3), (Booking, 20), (OrderLine.filter(slot_id__not_isnull=True), 20)):
        assert await noun.all().count() >= number
        assert await noun.filter(tariff_id=None).values("id", "reason") == []
    assert set(await OrderLine.filter(slot_id=None).values_list("action", "tariff_id")) == {
        ("membership", None)
    }


@pytest.fixture
async def camille(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    town = await portal("demo", now=busy.NOW)
    hear_the_bank(town, monkeypatch)
    return await parent(town, "camille.durand")


async def test_a_long_reason_is_never_cut(camille: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    long = " · ".join(f"{n}e condition du règlement" for n in range(1, 12))
    assert len(long) > 250
    monkeypatch.setattr(day_price, "_full", lambda tariff, quotient: (340, long))
    await camille.tick("Lina", MEAL, MONDAY)
    assert (await CartLine.get()).reason == long
    await camille.tick("Lina", MEAL, TUESDAY, "2025-11-27")
    assert long in words(await camille.recap())
    await camille.pay()
    monkeypatch.undo()
    assert {row.reason for row in await Booking.all()} == {long}
    assert {row.reason for row in await OrderLine.all()} == {long}
    town = await camille.browser.get_page("/planning?debut=2025-11-24")
    assert long in town.replace("&#39;", "'")


async def reload(change: Change = lambda file: None) -> None:
    """The demo's file, once more."""
    content = tomllib.loads(shipped("demo").read_text(encoding="utf-8"))
    change(content)
    await load(shift_to_year(parse(content, "demo.toml"), clock.now().date()), demo=True)


def price_list(file: dict[str, Any]) -> Any:
    return file["activities"][MEALS]["tariffs"]


def dearer(file: dict[str, Any]) -> None:
    for band in price_list(file)[0]["brackets"]:
        band["amount"] += 1000


async def in_force() -> list[int]:
    rows = Tariff.filter(activity__code="cantine", position__isnull=False).order_by("position")
    return [row.id for row in await rows]


@ON_SQLITE
async def test_what_was_bought_keeps_its_tariff_when_prices_change(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, MONDAY)
    await camille.pay()
    before, bought = await in_force(), await Booking.get()
    amounts = (
        await Band.filter(tariff_id=bought.tariff_id).order_by("position").values_list("cents", flat=True)
    )
    await reload(dearer)
    after = await in_force()
    assert (len(after), after[1:]) == (len(before), before[1:])
    assert bought.tariff_id == before[0] != after[0]
    assert (await Booking.get()).tariff_id == bought.tariff_id
    kept = await Tariff.get(id=bought.tariff_id)
    assert kept.position is None
    assert (
        await Band.filter(tariff_id=kept.id).order_by("position").values_list("cents", flat=True) == amounts
    )
    await camille.tick("Lina", MEAL, TUESDAY)
    line = await CartLine.get()
    assert (line.tariff_id, line.cents) == (after[0], bought.cents + 1000)
    await camille.town.verify()


@ON_SQLITE
async def test_a_cancellation_speaks_of_the_price_that_was_paid(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, MONDAY)
    await camille.pay()
    bought = await Booking.get()

    def one_for_all(file: dict[str, Any]) -> None:
        price_list(file)[0] = {"method": "flat", "amount": 500}

    await reload(one_for_all)
    await camille.tick("Lina", MEAL, MONDAY, ticked=False)
    draft = await CartLine.get()
    await camille.click()
    line = await OrderLine.get(action="cancel")
    for row in (draft, line):
        assert (row.tariff_id, row.reason, abs(row.cents)) == (bought.tariff_id, bought.reason, bought.cents)
    assert bought.reason.startswith("tranche QF")
    await camille.town.verify()


@ON_SQLITE
async def test_an_order_that_waits_for_its_bank_keeps_its_tariff(camille: Parent) -> None:
    """Nothing is bought yet, but its price is said."""
    await camille.tick("Lina", MEAL, MONDAY)
    answer = await camille.click()
    held = await Booking.get()
    await reload(dearer)
    await camille.at_the_bank(answer.headers["location"])
    await camille.town.run_jobs()
    paid = await Booking.get()
    assert (paid.state, paid.tariff_id) == ("confirmed", held.tariff_id)
    assert await Tariff.exists(id=held.tariff_id)
    await camille.town.verify()


async def test_a_tariff_at_which_nothing_was_bought_goes_and_a_draft_stays(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, MONDAY)
    before = await in_force()
    await reload(dearer)
    assert not await Tariff.exists(id=before[0])
    assert (await CartLine.get()).tariff_id is None
    await camille.pay()
    assert (await Booking.get()).tariff_id == (await in_force())[0]
    await camille.town.verify()


@ON_SQLITE
async def test_a_tariff_that_says_the_same_keeps_its_id(camille: Parent) -> None:
    await camille.tick("Lina", MEAL, MONDAY)
    await camille.pay()
    before = await in_force()
    await reload()
    assert await in_force() == before
    await reload(lambda file: price_list(file).reverse())
    assert await in_force() == before[::-1]
    await reload(dearer)
    assert before[0] not in await in_force()
    await reload()  # back, as it was bought
    assert await in_force() == before
    assert await Tariff.filter(activity__code="cantine").count() == len(before)
