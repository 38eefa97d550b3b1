"""Both parents at once: what an open planning is told, and what it fetches then."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from models.access.passwords import DEMO_PASSWORD
from models.access.session import Session
from models.activities.slot import Slot
from models.families.child import Child
from models.planning.live import numbers
from tests.portal import Client, Portal, hidden
from tests.serving import Forked, prepare
from tests.serving import heard as heard_from
from tests.web.grid import cell, element, tick
from web.__main__ import GRACE
from web.app import create_app
from web.components.planning import live, watch

OpenPortal = Callable[..., Awaitable[Portal]]
STREAM = "/planning/direct"
DAYS = "/planning/direct/jours"
MEAL, MONDAY, SEEN = "Repas de midi", "2025-10-13", "vue=mois&debut=2025-10-01&modifier=1"
AS_EVENTS = {"accept": "text/event-stream"}


@pytest.fixture
async def demo(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(live, "LIFE", 1.0)
    monkeypatch.setattr(watch, "EVERY", 0.05)
    return await portal("demo", now="2025-09-22T10:00")


@pytest.fixture
async def camille(demo: Portal) -> Client:
    return await demo.client("camille.durand")


@pytest.fixture
async def olivier(demo: Portal) -> Client:
    return await demo.client("olivier.durand")


async def heard(browser: Client) -> list[int]:
    """The numbers that a page hears in a second."""
    answer = await browser.get(STREAM, headers=AS_EVENTS)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
    assert "no-store" in answer.headers["cache-control"] and "content-length" not in answer.headers
    return [int(number) for number in re.findall(r"^data: (\d+)$", answer.text, re.MULTILINE)]


async def ticked(browser: Client, *days: str) -> None:
    await asyncio.sleep(0.4)
    await tick(browser, "Lina", MEAL, *days or (MONDAY,))


def number(page: str) -> int:
    found = re.search(r'id="lot"[^>]* data-number="(\d+)"', page)
    assert found
    return int(found[1])


async def test_a_tick_is_told_to_the_other_parent(camille: Client, olivier: Client) -> None:
    shown = number(await camille.get_page(f"/planning?{SEEN}"))
    told, _ = await asyncio.gather(heard(camille), ticked(olivier))
    assert told == [shown, shown + 1]
    assert number(await camille.get_page(f"/planning?{SEEN}")) == shown + 1


async def test_another_process_is_told_too(demo: Portal, olivier: Client) -> None:
    """Each has its own open pages: the database is all that they share."""
    other = Portal(create_app(demo.settings), demo.settings)
    page = await other.client("camille.durand")
    told, _ = await asyncio.gather(heard(page), ticked(olivier))
    assert len(told) == 2
    await other.close()


async def test_a_strangers_page_hears_nothing(demo: Portal, olivier: Client) -> None:
    karim = await demo.client("karim.petit")
    told, _ = await asyncio.gather(heard(karim), ticked(olivier))
    assert len(told) == 1


async def test_the_other_home_is_told(demo: Portal) -> None:
    julie, thomas = await demo.client("julie.leroy"), await demo.client("thomas.leroy")

    async def tick_zoe() -> None:
        await asyncio.sleep(0.4)
        zoe, meal = await Child.get(first_name="Zoé"), await Slot.get(name=MEAL)
        op = f"{zoe.id}-{meal.id}-{MONDAY}:1"
        assert (await julie.post_part("/planning/operations", {"op": op})).status_code == 200

    told, _ = await asyncio.gather(heard(thomas), tick_zoe())
    assert len(told) == 2


async def test_many_pages_make_one_question(
    demo: Portal, camille: Client, olivier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def counting(families: list[int]) -> dict[int, int]:
        asked.append(len(list(families)))
        return await numbers(families)

    monkeypatch.setattr(watch, "numbers", counting)
    karim = await demo.client("karim.petit")
    await asyncio.gather(heard(camille), heard(olivier), heard(karim), heard(camille))
    assert max(asked) == 2 and 5 < len(asked) < 25  # families; one question each 50 ms, whatever the pages
    many = len(asked)
    await asyncio.sleep(0.3)
    assert len(asked) <= many + 1, "it asks on, though no page is open"


async def test_a_page_without_a_session_asks_no_more(demo: Portal, camille: Client) -> None:
    assert (await (await demo.client()).get(STREAM, headers=AS_EVENTS)).status_code == 204
    assert (await (await demo.client("mairie")).get(STREAM, headers=AS_EVENTS)).status_code == 204
    assert await heard(camille)
    await Session.all().delete()
    assert (await camille.get(STREAM, headers=AS_EVENTS)).status_code == 204


async def test_more_pages_than_a_process_bears_do_without(
    camille: Client, olivier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_OF_FAMILY", 2)
    asked = [camille.get(STREAM, headers=AS_EVENTS) for _ in range(3)]
    assert sorted(one.status_code for one in await asyncio.gather(*asked)) == [200, 200, 204]
    monkeypatch.setattr(watch, "MOST", 0)
    assert (await olivier.get(STREAM, headers=AS_EVENTS)).status_code == 204


async def test_a_process_that_stops_waits_for_no_page(demo: Portal, camille: Client) -> None:
    async def stop() -> None:
        await asyncio.sleep(0.2)
        demo.app.state.watch.end()

    start = asyncio.get_running_loop().time()
    await asyncio.gather(heard(camille), stop())
    assert asyncio.get_running_loop().time() - start < 0.9
    assert (await camille.get(STREAM, headers=AS_EVENTS)).status_code == 204


async def test_a_database_that_is_away_ends_no_page(
    camille: Client, olivier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [True, False, True]

    async def trying(families: list[int]) -> dict[int, int]:
        if away and away.pop():
            raise OSError("away")
        return await numbers(families)

    monkeypatch.setattr(watch, "numbers", trying)
    told, _ = await asyncio.gather(heard(camille), ticked(olivier))
    assert len(told) == 2


async def test_the_days_are_drawn_as_a_tick_draws_them(camille: Client, olivier: Client) -> None:
    answered = await tick(olivier, "Lina", MEAL, MONDAY, debut="2025-10-01")
    fetched = await camille.get_page(f"{DAYS}?{SEEN}", headers={"hx-request": "true"})
    key = f"cell-{await cell('Lina', MEAL, MONDAY)}"
    assert element(fetched, key).replace(' data-by="Olivier"', "") == element(answered, key)
    for id in ("cost", "panier", "recap-link", "lignes"):
        assert element(fetched, id).split() == element(answered, id).split()
    assert "annonce" not in fetched and "alerte" not in fetched
    page = await camille.get_page(f"/planning?{SEEN}")
    cells = re.compile(r'<td id="(cell-[\d-]+)"')
    assert cells.findall(fetched) == cells.findall(page)
    mine = await olivier.get_page(f"{DAYS}?{SEEN}", headers={"hx-request": "true"})
    assert "data-by" not in mine


async def test_the_weeks_below_come_too(camille: Client) -> None:
    week = "vue=semaine&debut=2025-10-06&modifier=1"
    alone = await camille.get_page(f"{DAYS}?{week}")
    several = await camille.get_page(f"{DAYS}?{week}&jusque=2025-11-07")
    assert "2025-11-07" not in alone and "-2025-11-07" in several
    assert 'id="cost-2025-11-03"' in several and 'id="cost"' in several
    for odd in ("2000-01-01", "9999-12-31", "x", ""):
        await camille.get_page(f"{DAYS}?{week}&jusque={odd}")
    await camille.get_page(f"{DAYS}?par=enfant&id=999999", 404)


async def test_the_queries_are_few(camille: Client, count_queries: Callable[[], int]) -> None:
    await camille.get_page(f"/planning?{SEEN}")
    before = count_queries()
    await camille.get_page(f"/planning?{SEEN}")
    page = count_queries() - before
    await camille.get_page(f"{DAYS}?{SEEN}")
    assert count_queries() - before - page <= page <= 7


async def test_an_open_page_does_not_hold_a_portal_that_stops(
    tmp_path: Path, store: Path, sqlite_template: Path
) -> None:
    more = {"PORTAIL_NOW": "2025-09-22T10:00:00"}
    prepare(store, sqlite_template, tmp_path, "--demo", "demo", **more)
    process = Forked(tmp_path, "--demo", "demo", **more)
    try:
        _, address = heard_from(process)
        async with httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=30) as page:
            form = hidden((await page.get("/connexion")).text, "csrf")
            asked = {"csrf": form, "identifiant": "camille.durand", "mot_de_passe": DEMO_PASSWORD}
            assert (await page.post("/connexion", data=asked)).status_code == 200
            async with page.stream("GET", STREAM, headers=AS_EVENTS) as told:
                lines = told.aiter_lines()  # left alone, it would hang up
                assert (await anext(lines)).startswith("data: ")
                start = time.monotonic()
                process.terminate()
                await asyncio.to_thread(process.communicate)
                assert time.monotonic() - start < GRACE / 2
    finally:
        process.kill()
