"""Offered places, and the one order of the waiting list."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from models import clock
from models.activities.catalogue import current_catalogue
from models.activities.slot import Slot
from models.bookings import waiting_list
from models.bookings.booking import Booking
from models.bookings.cart import CartLine
from models.bookings.waiting_list import Waiting
from models.checkout.commit import clear
from models.families.child import Child
from models.families.family import Family
from models.families.household import Household
from models.planning import ticks
from models.planning.facts import PlanningFacts
from models.planning.ticks import Tick
from models.rules import capacity
from models.rules.capacity import Wait
from models.rules.deadlines import PARIS
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.models.waiting import DAY, MEAL, asks, freed, one_place, places, two_wait
from tests.portal import Portal
from tests.web.checkout import Parent, hear_the_bank, parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
At = Callable[[str], Any]


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("lens", now="2018-08-27T10:00:00", change=one_place())


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


@ON_SQLITE
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
            await current_catalogue(), household, clock.now(), children, [slot], day, day
        )
        found |= {one.id: one.rank for one in facts.booked.values() if one.rank}
    return found


@ON_SQLITE
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


@ON_SQLITE
async def test_an_op_of_an_offer_that_ended_is_refused_or_waits_again(offered: Parent, at: At) -> None:
    at("2018-09-05T10:00:00")
    await waiting_list.lapse_offers(clock.now())
    child, slot = await Child.get(first_name="Chloé"), await Slot.get(name=MEAL)
    op = Tick(child.id, slot.id, date.fromisoformat(DAY), True)
    outcome = await ticks.apply_ticks(await current_catalogue(), offered.family, [op], clock.now())
    assert outcome.refused and (await Booking.get(family_id=offered.family)).state == "cancelled"
