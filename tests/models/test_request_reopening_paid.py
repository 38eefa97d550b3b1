"""Answers about paid days that are taken back: never a cent of the account."""

from collections.abc import Awaitable, Callable

import pytest

from models.activities.opening import Opening
from models.bookings import request_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.order import Order
from models.bookings.request_reopening import Final
from models.bookings.waiting_list import Waiting
from models.money.ledger import Entry
from tests.engines import ON_SQLITE
from tests.models import busy
from tests.models.reopening import answered, member, taken_back, why_it_stays
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], object]
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # no lock and no SQL of their own


@pytest.fixture
async def camille(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """Paid in advance: a holiday of Lina's is asked for."""
    town = await portal("demo", now="2025-11-03T10:00")
    hear_the_bank(town, monkeypatch)
    asking = await parent(town, "camille.durand")
    await asking.tick("Lina", busy.HOLIDAY, "2026-02-10")
    await asking.click()
    return asking


@ONE
async def test_an_offered_place_is_taken_back(camille: Parent) -> None:
    request = await answered(accept=True)
    booking = await Booking.get(id=request.booking_id)
    assert booking.state == "offered" and await CartLine.filter(day=booking.day).exists()
    await taken_back(request)
    assert (await Booking.get(id=booking.id)).state == "requested"
    assert not await CartLine.filter(day=booking.day).exists()
    assert not await Waiting.filter(booking_id=booking.id).exists()
    assert (await Opening.get(id=booking.opening_id)).taken == 0
    await camille.town.verify()


@ONE
async def test_a_place_that_is_being_paid_for_stays(camille: Parent) -> None:
    request = await answered(accept=True)
    assert (await camille.click()).status_code == 303
    assert (await Booking.get(id=request.booking_id)).state == "held"
    assert await why_it_stays(request) == Final.CHANGED
    await camille.town.verify()


@ON_SQLITE
async def test_what_is_in_the_account_stays(camille: Parent) -> None:
    """A paid day given back is a credit, and no entry is taken away."""
    await answered(accept=True)
    await camille.pay()
    await camille.tick("Lina", busy.HOLIDAY, "2026-02-10", ticked=False)
    await camille.click()
    request, entries = await answered(accept=True), await Entry.all().count()
    (line,) = await request_list.lines([request.id])
    assert line.posted and not line.may_reopen(await member())
    assert await why_it_stays(request) == Final.POSTED
    assert await Entry.all().count() == entries
    await camille.town.verify()


@ONE
async def test_a_debt_of_the_till_stays(camille: Parent, at: At) -> None:
    at("2026-02-09T12:00:00")
    request = await answered(accept=True)
    assert await Order.exists(click=request.click)
    assert (await request_list.lines([request.id]))[0].posted
    assert await why_it_stays(request) == Final.POSTED
    await camille.town.verify()
