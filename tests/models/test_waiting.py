"""The waiting list: one order that everybody is told, offers that can still be paid, requests answered late."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import catalogue
from models.activities.opening import Opening
from models.activities.slot import Slot
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.family_request import DayOver, FamilyRequest
from models.bookings.order import Order, OrderLine
from models.bookings.waiting_list import Waiting
from models.checkout.commit import clear
from models.commune.till import Till
from models.families.child import Child
from models.families.family import Family
from models.families.household import Household
from models.money import ledger
from models.planning import ticks
from models.planning.facts import PlanningFacts
from models.planning.ticks import Tick
from models.rules import capacity
from models.rules.capacity import Wait
from models.rules.deadlines import PARIS
from models.work.audit_log import Event
from models.work.email import Email
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], Any]
MEAL = "Rest Sco Pré Paiement 2018-2019"
DAY = "2018-09-06"  # closes on the 5th at 10:00: an offer ends at 08:00


def one_place(**more: Any) -> Callable[[dict[str, Any]], None]:
    """Lens with a waiting list, a place a day, and days that close at 10:00 on the eve."""

    def change(file: dict[str, Any]) -> None:
        rule = [{"rule": "days_before", "days": 1, "at": "10:00"}]
        file["activities"][1] |= {
            "waiting_list": True,
            "deadlines": {"book": rule, "cancel": rule},
            "groups": [{"code": "tous", "name": "Tous", "places": 1}],
            **more,
        }
        file["families"][1].pop("account")

    return change


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00", change=one_place())


async def places(number: int) -> None:
    await Opening.filter(day=DAY, slot__name=MEAL).update(places=number)


async def asks(town: Portal, name: str, child: str, *days: str) -> Parent:
    family = await parent(town, name)
    await family.tick(child, MEAL, *days or (DAY,))
    assert (await family.click()).status_code == 303
    return family


async def two_wait(town: Portal) -> tuple[Parent, Parent]:
    await places(0)
    return await asks(town, "famille15", "Chloé"), await asks(town, "delattre17", "Inès")


async def freed(town: Portal) -> None:
    await places(1)
    await waiting_list.promote((await Opening.get(day=DAY, slot__name=MEAL)).id, clock.now())
    await waiting_list.lapse_offers(clock.now())
    await town.run_jobs()


async def test_too_late_to_be_paid_a_place_is_offered_to_nobody(town: Portal, at: At) -> None:
    await two_wait(town)
    at("2018-09-05T08:01:00")
    await freed(town)
    assert [row.state for row in await Waiting.all()] == ["waiting", "waiting"]
    assert await Booking.filter(state="waiting").count() == 2
    assert not await Email.filter(text__contains="libérée.").exists()
    await town.verify()


async def test_in_time_it_is_offered_to_the_first_alone(town: Portal, at: At) -> None:
    claire, marc = await two_wait(town)
    at("2018-09-05T07:00:00")
    await freed(town)
    assert (await Booking.get(family_id=claire.family)).state == "offered"
    offer = await Waiting.get(booking__family_id=claire.family)
    assert offer.offered_until == datetime(2018, 9, 5, 8, tzinfo=PARIS)
    assert (await Booking.get(family_id=marc.family)).state == "waiting"
    await town.verify()


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


async def takes_it_again(claire: Parent) -> None:
    assert (await Booking.get(family_id=claire.family)).state == "offered"
    await claire.tick("Chloé", MEAL, DAY)
    page = words(await claire.recap())
    assert "place gardée pour vous" in page and "À valider avant vendredi 31 août à 10:00" in page
    await claire.pay()
    assert (await Booking.get(family_id=claire.family)).state == "confirmed"
    await claire.town.verify()


async def test_an_offer_thrown_out_of_the_recap_can_be_taken_up_again(offered: Parent) -> None:
    line = await CartLine.get(family_id=offered.family)
    answer = await offered.browser.post_form(f"/planning/brouillon/{line.id}/suppression")
    assert answer.status_code == 303
    await takes_it_again(offered)


async def test_an_offer_cleared_with_the_draft_can_be_taken_up_again(offered: Parent) -> None:
    await clear(offered.family)
    await takes_it_again(offered)


async def test_an_offer_unticked_twice_is_only_out_of_the_draft(offered: Parent) -> None:
    for _ in range(2):  # a bad network repeats what it sends
        await offered.tick("Chloé", MEAL, DAY, ticked=False)
    page = await offered.browser.get_page(f"/planning?vue=semaine&debut={DAY}&modifier=1")
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    for wished, told in ((1, "ajoutée."), (0, "retirée, la place reste gardée.")):
        form = {"op": f"{child.id}-{slot.id}-{DAY}:{wished}", "vue": "semaine", "debut": DAY, "modifier": "1"}
        answer = await offered.browser.post_part("/planning/operations", form)
        assert f"jeudi 6 septembre : {told}" in words(answer.text)
    box = page.split(f'id="op-{child.id}-{slot.id}-{DAY}"')[1].split(">")[0]
    assert "checked" not in box and "aria-disabled" not in box
    assert "une place s’est libérée, gardée jusqu’à" in words(page)
    await takes_it_again(offered)


async def test_the_email_of_an_offer_leads_to_its_day(offered: Parent) -> None:
    await clear(offered.family)
    email = await Email.get(text__contains="gardée pour vous")
    child = await Child.get(first_name="Chloé")
    address = f"/planning?par=enfant&id={child.id}&debut={DAY}&modifier=1"
    assert f"http://127.0.0.1:8000{address}" in email.text
    page = await offered.browser.get_page(address)
    assert "une place s’est libérée, gardée jusqu’à" in words(page)


async def test_after_its_limit_an_offer_is_the_next_ones(offered: Parent, at: At) -> None:
    await clear(offered.family)
    at("2018-08-31T10:01:00")
    await waiting_list.lapse_offers(clock.now())
    await offered.town.run_jobs()
    assert (await Booking.get(family_id=offered.family)).state == "cancelled"
    assert await Booking.filter(state="offered").count() == 1
    await offered.town.verify()


async def test_who_meant_to_leave_the_list_leaves_the_offer_to_the_next(town: Portal) -> None:
    claire, marc = await two_wait(town)
    await claire.tick("Chloé", MEAL, DAY, ticked=False)
    await freed(town)
    assert (await Booking.get(family_id=claire.family)).state == "offered"
    assert (await claire.click()).status_code == 303
    await town.run_jobs()
    assert (await Booking.get(family_id=claire.family)).state == "cancelled"
    assert (await Booking.get(family_id=marc.family)).state == "offered"
    await town.verify()


HOUR = timedelta(hours=1)


@pytest.mark.parametrize("turn", range(6))
async def test_sql_and_python_agree_on_the_order(town: Portal, turn: int) -> None:
    """Three who differ in priority, in since and in id, in every order of their ids."""
    await places(0)
    for child in ("Chloé", "Juliette"):
        await asks(town, "famille15", child)
    await asks(town, "delattre17", "Inès")
    ids = sorted(await Waiting.all().values_list("id", flat=True))
    start = datetime(2018, 8, 27, 9, 59, 59, 999_999, tzinfo=PARIS)
    facts = [(0, start), (0, start + timedelta(microseconds=1)), (1, start + HOUR)]
    for id, (priority, since) in zip(ids, list(permutations(facts))[turn], strict=True):
        await Waiting.filter(id=id).update(priority=priority, since=since)
    rows = await Waiting.all()
    line = capacity.in_line(Wait(row.id, row.priority, row.since) for row in rows)
    booking = {row.id: row.booking_id for row in rows}
    wanted = {booking[wait.id]: place for place, wait in enumerate(line, start=1)}
    assert await waiting_list.ranks(list(wanted)) == wanted
    assert await on_planning() == wanted
    first = line[0].id
    await freed(town)
    assert [row.id for row in await Waiting.filter(state="offered")] == [first]


async def on_planning() -> dict[int, int]:
    """The ranks that the families' plannings show, by booking."""
    found: dict[int, int] = {}
    for family in await Family.all():
        household = await Household.read(family.id)
        children = [child.id for child in household.children]
        slot, day = (await Slot.get(name=MEAL)).id, date.fromisoformat(DAY)
        facts = await PlanningFacts.read(
            await catalogue(), household, clock.now(), children, [slot], day, day
        )
        found |= {one.id: one.rank for one in facts.booked.values() if one.rank}
    return found


async def test_everybody_is_told_the_same_rank(town: Portal) -> None:
    await places(0)
    claire = await asks(town, "famille15", "Chloé")
    marc = await parent(town, "delattre17")
    await marc.tick("Inès", MEAL, DAY)
    assert "liste d’attente (rang 2)" in words(await marc.recap())
    await Waiting.all().update(since=clock.now() + HOUR)  # a clock set back since
    back = (await marc.click()).headers["location"]
    assert "liste d’attente, rang 1" in words(await marc.browser.get_page(back))
    await town.run_jobs()
    mine = await Email.get(recipient__startswith="marc")
    assert mine.subject == "Liste d’attente\u00a0: rang 1, jeudi 6 septembre"
    page = f"/planning?vue=semaine&debut={DAY}"
    assert "liste d’attente, rang 1" in words(await marc.browser.get_page(page))
    assert "liste d’attente, rang 2" in words(await claire.browser.get_page(page))
    listed = words(await (await town.client("mairie")).get_page("/mairie/liste-attente"))
    assert "1 Inès Delattre" in listed and "2 Chloé Famille" in listed


async def test_an_offered_place_has_no_rank(offered: Parent) -> None:
    listed = words(await (await offered.town.client("mairie")).get_page("/mairie/liste-attente"))
    assert "1 Inès Delattre" in listed and "1 Chloé" not in listed and "place proposée jusqu’à" in listed


async def test_an_op_of_an_offer_that_ended_is_refused_or_waits_again(offered: Parent, at: At) -> None:
    at("2018-09-05T10:00:00")
    await waiting_list.lapse_offers(clock.now())
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    op = Tick(child.id, slot.id, date.fromisoformat(DAY), True)
    outcome = await ticks.apply_ticks(await catalogue(), offered.family, [op], clock.now())
    assert outcome.refused and (await Booking.get(family_id=offered.family)).state == "cancelled"
