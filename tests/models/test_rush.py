"""Two hundred families, thirty-five places: exactly thirty-five win, and the others are told."""

import asyncio
import tomllib
from datetime import date
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.bookings.booking import Booking
from models.bookings.order import Order
from models.bookings.waiting_list import Waiting, promote
from models.checkout import recap
from models.checkout.commit import commit
from models.checkout.submission import Stale
from models.commune_file import load, load_families, parse, shipped
from models.money.payment import Payment
from models.storage import database
from tests.models.rush import DAY, Rush, gather_families
from tests.portal import Portal

LENS = "2018-08-27T10:00:00"
PLACES = 35


def with_places(waiting_list: bool = False) -> Any:
    def change(file: dict[str, Any]) -> None:
        file["activities"][1] |= {"places": PLACES, "waiting_list": waiting_list}

    return change


async def click(rush: Rush, family: int) -> str:
    """What one family gets: `held`, `waiting` or `full`. A family that is told « full » looks again, once."""
    for turn in range(2):
        shown = await recap.read(rush.catalogue, family, clock.now())
        if not shown.lines:
            return "full"
        try:
            receipt = await commit(rush.catalogue, family, clock.now(), f"click-{family}-{turn}", shown.seen)
        except Stale:
            continue
        return (await Booking.get(order_id=receipt.orders[0].id)).state
    return "full"


@pytest.mark.parametrize(("waiting_list", "families"), [(False, 200), (True, 80)])
async def test_exactly_the_places_are_taken(portal: Any, waiting_list: bool, families: int) -> None:
    town: Portal = await portal("lens", now=LENS, change=with_places(waiting_list))
    rush = await gather_families(families)
    told = await asyncio.gather(*(click(rush, family) for family in rush.families))
    assert told.count("held") == PLACES
    if waiting_list:
        assert told.count("waiting") + told.count("full") == families - PLACES
        assert await Waiting.all().count() == told.count("waiting")
    else:
        assert told.count("full") == families - PLACES
    opening = await Opening.get(id=rush.opening)
    assert opening.taken == PLACES == await Booking.filter(day=DAY, state="held").count()
    await town.verify()


async def take_all(opening: int, times: int) -> int:
    async def one() -> bool:
        async with database.transaction():
            return await Opening.take(opening)

    return sum(await asyncio.gather(*(one() for _ in range(times))))


async def test_the_conditional_update_is_what_protects_a_place(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rush on one row with the condition taken away sells too many: the guard is not decoration."""
    await portal("lens", now=LENS, change=with_places())
    opening = await Opening.filter(day=DAY, places=PLACES).first()
    assert opening
    await Opening.filter(id=opening.id).update(
        overrun=60, overrun_by="member:1"
    )  # so that no CHECK stops the wrong code
    assert await take_all(opening.id, 60) == PLACES

    async def read_then_write(id: int) -> bool:
        row = await Opening.get(id=id)
        await asyncio.sleep(0)
        if row.places is not None and row.taken >= row.places:
            return False
        await Opening.filter(id=id).update(taken=row.taken + 1)
        return True

    async def without_transaction(id: int, times: int) -> int:
        return sum(await asyncio.gather(*(Opening.take(id) for _ in range(times))))

    await Opening.filter(id=opening.id).update(taken=0)
    monkeypatch.setattr(Opening, "take", read_then_write)
    assert await without_transaction(opening.id, 60) > PLACES


async def test_twenty_clicks_on_payer_are_one_attempt(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    family = rush.families[0]
    shown = await recap.read(rush.catalogue, family, clock.now())
    got = await asyncio.gather(
        *(commit(rush.catalogue, family, clock.now(), "same", shown.seen) for _ in range(20))
    )
    assert {order.id for receipt in got for order in receipt.orders} == {(await Order.get()).id}
    assert await Payment.all().count() == 1 and (await Opening.get(id=rush.opening)).taken == 1
    await town.verify()


async def test_two_devices_that_both_pay_make_one_order(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS)
    rush = await gather_families(1)
    family = rush.families[0]
    shown = await recap.read(rush.catalogue, family, clock.now())
    clicks = (commit(rush.catalogue, family, clock.now(), f"device-{n}", shown.seen) for n in range(8))
    got = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(not isinstance(one, Exception) for one in got) == 1
    assert all(isinstance(one, Stale) for one in got if isinstance(one, Exception))
    assert await Payment.all().count() == 1
    await town.verify()


async def test_the_list_is_served_in_its_order(portal: Any) -> None:
    town: Portal = await portal("lens", now=LENS, change=with_places(waiting_list=True))
    rush = await gather_families(50)
    for family in rush.families:
        await click(rush, family)
    waits = await Waiting.filter(state="waiting").order_by("id").values_list("booking_id", flat=True)
    assert len(waits) == 15
    await Opening.filter(id=rush.opening).update(places=PLACES + 5)
    await asyncio.gather(*(promote(rush.opening, clock.now()) for _ in range(4)))
    served = await Waiting.exclude(state="waiting").order_by("id").values_list("booking_id", flat=True)
    assert served == waits[:5]
    assert (await Opening.get(id=rush.opening)).taken == PLACES + 5
    await town.verify()


def of_the_rush(n: int, school: str) -> dict[str, Any]:
    """A family of `gather_families`, as a file says it."""
    child = {
        "first_name": f"E{n}",
        "last_name": "Rush",
        "born": date(2010, 1, 1),
        "level": "CP",
        "school": school,
    }
    parent = {"first_name": "P", "last_name": "Rush", "email": f"p{n}@rush.example", "username": f"rush-{n}"}
    return {"number": f"rush-{n}", "guardians": [parent], "children": [child]}


async def test_a_file_with_fewer_places_is_loaded_while_parents_pay(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The families of the file are those who pay, between its openings and its families."""
    town: Portal = await portal("lens", now=LENS, change=with_places())
    rush = await gather_families(40)
    content = tomllib.loads(shipped("lens").read_text(encoding="utf-8"))
    with_places()(content)
    content["activities"][1]["places"] = PLACES - 25
    content["families"] += [of_the_rush(n, content["schools"][0]["code"]) for n in range(40)]
    document, real, laid = parse(content, "lens.toml"), load_families.load, asyncio.Event()

    async def slowly(*known: Any) -> dict[str, int]:
        laid.set()
        await asyncio.sleep(1)
        return await real(*known)

    # All have seen a free place before the load begins: one who reads « full » only throws its line away.
    shown = {family: await recap.read(rush.catalogue, family, clock.now()) for family in rush.families}
    assert all(seen.lines for seen in shown.values())

    async def pay(family: int) -> str:
        await laid.wait()
        try:
            receipt = await commit(rush.catalogue, family, clock.now(), f"click-{family}", shown[family].seen)
        except Stale:
            return "full"
        return (await Booking.get(order_id=receipt.orders[0].id)).state

    monkeypatch.setattr(load_families, "load", slowly)
    monkeypatch.setattr(database, "_worth_retrying", lambda exc: False)  # nobody is to be a victim
    told = asyncio.gather(*(pay(family) for family in rush.families), return_exceptions=True)
    await load(document, demo=False)
    assert set(outcomes := await told) <= {"held", "full"}, outcomes
    opening = await Opening.get(id=rush.opening)
    assert opening.places == PLACES - 25 == opening.taken == outcomes.count("held")
    await town.verify()
