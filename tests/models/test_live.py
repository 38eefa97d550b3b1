"""What counts as a change of a family's days, for the plannings that lie open."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from models import clock
from models.access.member import Member
from models.activities.slot import Slot
from models.bookings.family_request import FamilyRequest
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.planning.live import numbers, ticked_by_others
from tests.engines import ON_SQLITE
from tests.models.waiting import asks, freed, one_place, places
from tests.portal import Client, Portal
from tests.web import grid
from tests.web.checkout import Parent, hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
MEAL, MONDAY, TUESDAY = "Repas de midi", "2025-10-13", "2025-10-14"


@pytest.fixture
async def demo(portal: OpenPortal) -> Portal:
    return await portal("demo", now="2025-09-22T10:00")


@pytest.fixture
async def camille(demo: Portal) -> Parent:
    return await parent(demo, "camille.durand")


async def counted() -> dict[int, int]:
    return await numbers([family.id for family in await Family.all()])


async def moved(before: dict[int, int]) -> set[int]:
    return {family for family, number in (await counted()).items() if number != before[family]}


@ON_SQLITE
async def test_a_tick_adds_one_for_its_family_alone(camille: Parent) -> None:
    before = await counted()
    await camille.tick("Lina", MEAL, MONDAY)
    assert await moved(before) == {camille.family}
    assert (await counted())[camille.family] == before[camille.family] + 1
    await camille.tick("Lina", MEAL, MONDAY, ticked=False)
    assert (await counted())[camille.family] == before[camille.family] + 2


@ON_SQLITE
async def test_what_is_only_read_moves_nothing(camille: Parent) -> None:
    before = await counted()
    await camille.browser.get_page("/planning?vue=mois&debut=2025-10-01&modifier=1")
    await camille.recap()
    assert await moved(before) == set()


@ON_SQLITE
async def test_a_tick_leaves_the_key_of_the_kept_household(camille: Parent) -> None:
    facts = await Family.all().order_by("id").values_list("facts", flat=True)
    await camille.tick("Lina", MEAL, MONDAY)
    assert await Family.all().order_by("id").values_list("facts", flat=True) == facts


async def test_a_child_of_two_homes_moves_both(demo: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    hear_the_bank(demo, monkeypatch)
    julie, thomas = await parent(demo, "julie.leroy"), await parent(demo, "thomas.leroy")
    before = await counted()
    await julie.tick("Zoé", MEAL, MONDAY)
    await julie.pay()
    assert await moved(before) == {julie.family, thomas.family}


@ON_SQLITE
async def test_the_mairies_answer_counts(portal: OpenPortal) -> None:
    nadia = await parent(await portal("lezignan", now="2016-09-16T10:00:00"), "nadia.roux")
    await nadia.tick("Tom", "Repas", "2016-10-03", "2016-10-04")
    assert (await nadia.click()).status_code == 303
    before = await counted()
    member = (await Member.get(username="mairie")).id
    accepted, refused = await FamilyRequest.all().order_by("id")
    assert await FamilyRequest.accept(accepted.id, member, clock.now())
    assert await moved(before) == {nadia.family}
    before = await counted()
    assert await FamilyRequest.refuse(refused.id, member, "Complet", clock.now())
    assert await moved(before) == {nadia.family}


@ON_SQLITE
async def test_a_place_that_is_offered_counts(portal: OpenPortal) -> None:
    town = await portal("lens", now="2018-08-27T10:00", change=one_place())
    await places(0)
    claire = await asks(town, "famille15", "Chloé")
    before = await counted()
    await freed(town)
    assert claire.family in await moved(before)


async def test_one_query_for_all_families(demo: Portal, count_queries: Callable[[], int]) -> None:
    before = count_queries()
    assert len(await counted()) > 5
    assert count_queries() - before == 2  # one of them lists the families
    assert await numbers([]) == {}


@ON_SQLITE
async def test_who_ticked_is_told_to_the_other_parent_alone(demo: Portal) -> None:
    camille, olivier = await demo.client("camille.durand"), await demo.client("olivier.durand")
    await _tick(camille, MONDAY)
    await _tick(olivier, TUESDAY)
    me, him = [await Guardian.get(username=f"{name}.durand") for name in ("camille", "olivier")]
    lina, meal = await Child.get(first_name="Lina"), await Slot.get(name=MEAL)
    mine, his = [(lina.id, meal.id, day) for day in map(date.fromisoformat, (MONDAY, TUESDAY))]
    assert await ticked_by_others(me.family_id, me.id) == {his: "Olivier"}
    assert await ticked_by_others(him.family_id, him.id) == {mine: "Camille"}
    petit = await Guardian.get(username="karim.petit")
    assert await ticked_by_others(petit.family_id, petit.id) == {}


async def _tick(browser: Client, day: str) -> None:
    await grid.tick(browser, "Lina", MEAL, day)
