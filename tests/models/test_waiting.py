"""The waiting list: one order that everybody is told, offers that can still be paid, requests answered late."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import DayOver, FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting
from models.commune.till import Till
from models.families.child import Child
from models.money import ledger
from models.rules.deadlines import PARIS
from models.work.audit_log import Event
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.models.waiting import DAY, MEAL, asks, freed, one_place, two_wait
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, words

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], Any]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00", change=one_place())


async def test_too_late_to_be_paid_a_place_is_offered_to_nobody(town: Portal, at: At) -> None:
    await two_wait(town)
    at("2018-09-05T08:01:00")
    await freed(town)
    assert [row.state for row in await Waiting.all()] == ["waiting", "waiting"]
    assert await Booking.filter(state="waiting").count() == 2
    assert not await Email.filter(text__contains="libérée.").exists()
    await town.verify()


@ON_SQLITE
async def test_in_time_it_is_offered_to_the_first_alone(town: Portal, at: At) -> None:
    claire, marc = await two_wait(town)
    at("2018-09-05T07:00:00")
    await freed(town)
    assert (await Booking.get(family_id=claire.family)).state == "offered"
    offer = await Waiting.get(booking__family_id=claire.family)
    assert offer.offered_until == datetime(2018, 9, 5, 8, tzinfo=PARIS)
    assert (await Booking.get(family_id=marc.family)).state == "waiting"
    await town.verify()


@ON_SQLITE
async def test_what_is_invoiced_is_given_until_the_deadline(portal: OpenPortal, at: At) -> None:
    town = await portal("lens", now="2018-08-27T10:00:00", change=one_place(billing="invoiced"))
    claire, marc = await two_wait(town)
    at("2018-09-05T09:59:00")
    await freed(town)
    assert (await Booking.get(family_id=claire.family)).state == "confirmed"
    at("2018-09-05T10:00:00")
    await Opening.filter(day=DAY, slot__name=MEAL).update(places=2)
    assert await waiting_list.promote((await Opening.get(day=DAY, slot__name=MEAL)).id, clock.now()) == 0
    assert (await Booking.get(family_id=marc.family)).state == "waiting"
    await town.verify()


@ON_SQLITE
async def test_parent_and_staff_read_why_nobody_gets_the_place(town: Portal, at: At) -> None:
    claire, _ = await two_wait(town)
    mairie = await town.client("mairie")
    address = f"/planning?vue=semaine&debut={DAY}"
    at("2018-09-05T07:59:00")
    assert "trop tard" not in words(await claire.browser.get_page(address)).lower()
    assert "trop tard" not in words(await mairie.get_page("/mairie/liste-attente")).lower()
    at("2018-09-05T08:00:00")
    said = words(await claire.browser.get_page(address))
    assert "liste d’attente, rang 1. Trop tard pour vous proposer une place" in said
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    cell = f"/planning/case?case={child.id}-{slot.id}-{DAY}&par=enfant"
    assert "Trop tard pour vous proposer une place" in words(await claire.browser.get_page(cell))
    told = words(await mairie.get_page("/mairie/liste-attente"))
    assert told.count("trop tard pour proposer une place (limite mercredi 5 sept. à 10:00)") == 2


@pytest.fixture
async def asking(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She asked the mairie for a prepaid day."""
    town = await portal("lens", now="2018-08-27T10:00:00", change=one_place(acceptance="staff"))
    hear_the_bank(town, monkeypatch)
    return await asks(town, "famille15", "Chloé")


async def owed(family: int) -> int:
    return await ledger.standing(family, (await Till.get()).id)


@ON_SQLITE
async def test_a_request_accepted_in_time_is_offered(asking: Parent, at: At) -> None:
    at("2018-09-05T07:59:00")
    assert await FamilyRequest.accept((await FamilyRequest.get()).id, 1, clock.now())
    assert (await Booking.get()).state == "offered" and await owed(asking.family) == 0
    await asking.town.verify()


@pytest.mark.parametrize("moment", ["2018-09-05T08:00:00", "2018-09-05T10:01:00", "2018-09-06T09:00:00"])
async def test_a_prepaid_request_accepted_too_late_is_a_debt_of_the_till(
    asking: Parent, at: At, moment: str
) -> None:
    at(moment)
    mairie = await asking.town.client("mairie")
    answer = await mairie.post_part(f"/mairie/demandes/{(await FamilyRequest.get()).id}/acceptation")
    assert "acceptée, à régler à la prochaine réservation : 3,40 €" in words(answer.text)
    booking = await Booking.get()
    order = await Order.get(id=booking.order_id)
    assert (booking.state, order.kind, order.state, order.net, order.due) == (
        "confirmed", "prepaid", "confirmed", 340, 0,
    )  # fmt: skip
    line = await OrderLine.get(order_id=order.id)
    assert (line.booking_id, line.action, line.cents) == (booking.id, "add", 340)
    assert line.tariff_id == booking.tariff_id is not None
    said = (await Event.get(action="order.made", object=f"order:{order.id}")).details
    lines = [f"+{line.child_id}-{line.slot_id}-{DAY}"]
    assert said == {"net": 340, "debt": 0, "credit": 0, "due": 0, "lines": lines}
    assert await owed(asking.family) == 340
    assert not await Waiting.all().exists() and not await CartLine.all().exists()
    await asking.town.run_jobs(within=60)
    email = await Email.get(subject__contains="acceptée")
    assert "La place est réservée." in email.text
    assert "3,40\u00a0€ sont à régler à la prochaine réservation." in email.text
    await waiting_list.lapse_offers(clock.now() + timedelta(days=3))
    assert (await Booking.get()).state == "confirmed"
    await asking.town.verify()


@ON_SQLITE
async def test_the_debt_is_shown_and_settled_with_the_next_booking(asking: Parent, at: At) -> None:
    at("2018-09-05T08:30:00")
    assert await FamilyRequest.accept((await FamilyRequest.get()).id, 1, clock.now())
    page = words(await asking.browser.get_page(f"/planning?vue=semaine&debut={DAY}"))
    assert "Vous avez un restant dû de 3,40 €" in page
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    cell = f"/planning/case?case={child.id}-{slot.id}-{DAY}&par=enfant"
    said = words(await asking.browser.get_page(cell))
    assert "Acceptée par la mairie, à régler à la prochaine réservation" in said
    await asking.tick("Chloé", "ACM du Soir", "2018-09-17")
    await asking.pay()
    assert await owed(asking.family) == 0
    await asking.town.verify()


@ON_SQLITE
async def test_a_credit_pays_for_what_was_accepted_late(asking: Parent, at: At) -> None:
    await asking.tick("Chloé", "ACM du Soir", "2018-09-10", "2018-09-11", "2018-09-13")
    await asking.pay()
    await asking.tick("Chloé", "ACM du Soir", "2018-09-10", "2018-09-11", "2018-09-13", ticked=False)
    assert (await asking.click()).status_code == 303
    assert await owed(asking.family) == -450
    at("2018-09-05T08:30:00")
    assert await FamilyRequest.accept((await FamilyRequest.get()).id, 1, clock.now())
    assert await owed(asking.family) == -110
    await asking.town.run_jobs(within=60)
    email = await Email.get(subject__contains="acceptée")
    assert "3,40\u00a0€ sont pris sur votre avoir." in email.text and "à régler" not in email.text
    await asking.town.verify()


async def test_a_debt_does_not_disturb_a_payment_under_way(asking: Parent, at: At) -> None:
    at("2018-09-05T08:30:00")
    await asking.tick("Chloé", "ACM du Soir", "2018-09-17")
    bank = (await asking.click()).headers["location"]
    assert await FamilyRequest.accept((await FamilyRequest.get()).id, 1, clock.now())
    await asking.at_the_bank(bank)
    await asking.town.run_jobs()
    assert await Booking.filter(state="confirmed").count() == 2 and await owed(asking.family) == 340
    await asking.town.verify()


async def test_a_request_for_a_day_that_is_over_cannot_be_accepted(asking: Parent, at: At) -> None:
    at("2018-09-07T00:00:00")
    request = await FamilyRequest.get()
    with pytest.raises(DayOver):
        await FamilyRequest.accept(request.id, 1, clock.now())
    assert (await FamilyRequest.get()).state == "pending" and (await Booking.get()).state == "requested"
    assert await FamilyRequest.refuse(request.id, 1, "Le jour est passé", clock.now())
    await asking.town.verify()


@pytest.fixture
async def offered(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """A place is kept for Chloé until the 31st."""
    town = await portal("lens", now="2018-08-29T10:00:00", change=one_place())
    hear_the_bank(town, monkeypatch)
    claire, _ = await two_wait(town)
    await freed(town)
    assert await CartLine.filter(family_id=claire.family).count() == 1
    return claire
