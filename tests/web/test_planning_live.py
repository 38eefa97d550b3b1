"""Both parents at once: what an open planning is told, and what it fetches then."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from models.access.passwords import DEMO_PASSWORD
from models.access.session import IDLE, TOUCH, Session
from models.activities.slot import Slot
from models.clock import real
from models.families.child import Child
from models.planning.live import numbers
from tests.engines import ON_SQLITE
from tests.portal import Client, Portal, hidden
from tests.serving import Forked, prepare
from tests.serving import heard as heard_from
from tests.web.ear import AS_EVENTS, PATIENCE, STREAM, ear
from tests.web.grid import cell, element, tick
from web.app import create_app
from web.components.planning import live, watch

OpenPortal = Callable[..., Awaitable[Portal]]
DAYS = "/planning/direct/jours"
MEAL, MONDAY, SEEN = "Repas de midi", "2025-10-13", "vue=mois&debut=2025-10-01&modifier=1"


@pytest.fixture
async def demo(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(watch, "EVERY", 0.02)
    return await portal("demo", now="2025-09-22T10:00")


@pytest.fixture
async def camille(demo: Portal) -> Client:
    return await demo.client("camille.durand")


@pytest.fixture
async def olivier(demo: Portal) -> Client:
    return await demo.client("olivier.durand")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[int]:
    """Of how many families, at each question of the pages' process."""
    counts: asyncio.Queue[int] = asyncio.Queue()

    async def counting(families: dict[int, object]) -> dict[int, int]:
        counts.put_nowait(len(families))
        return await numbers(families)

    monkeypatch.setattr(watch, "numbers", counting)
    return counts


async def questions(asked: asyncio.Queue[int], more: int = 3) -> list[int]:
    """Those that were put, and the next ones: what had to be told is told."""
    found = [asked.get_nowait() for _ in range(asked.qsize())]
    async with asyncio.timeout(PATIENCE):
        return [*found, *[await asked.get() for _ in range(more)]]


def number(page: str) -> int:
    found = re.search(r'id="lot"[^>]* data-number="(\d+)"', page)
    assert found
    return int(found[1])


@ON_SQLITE
async def test_a_tick_is_told_to_the_other_parent(camille: Client, olivier: Client) -> None:
    shown = number(await camille.get_page(f"/planning?{SEEN}"))
    async with ear(camille) as page:
        assert page.status == 200 and page.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in page.headers["cache-control"] and "content-length" not in page.headers
        assert await page.next() == shown
        await tick(olivier, "Lina", MEAL, MONDAY)
        assert await page.next() == shown + 1
    assert number(await camille.get_page(f"/planning?{SEEN}")) == shown + 1


@ON_SQLITE
async def test_another_process_is_told_too(demo: Portal, olivier: Client) -> None:
    """Each has its own open pages: the database is all that they share."""
    other = Portal(create_app(demo.settings), demo.settings)
    async with ear(await other.client("camille.durand")) as page:
        before = await page.next()
        await tick(olivier, "Lina", MEAL, MONDAY)
        assert await page.next() == before + 1
    await other.close()


async def test_a_strangers_page_hears_nothing(
    demo: Portal, olivier: Client, asked: asyncio.Queue[int]
) -> None:
    async with ear(await demo.client("karim.petit")) as stranger:
        await stranger.next()
        await tick(olivier, "Lina", MEAL, MONDAY)
        await questions(asked)
        assert stranger.heard == 0


async def test_the_other_home_is_told(demo: Portal) -> None:
    julie, thomas = await demo.client("julie.leroy"), await demo.client("thomas.leroy")
    async with ear(thomas) as page:
        before = await page.next()
        zoe, meal = await Child.get(first_name="Zoé"), await Slot.get(name=MEAL)
        op = f"{zoe.id}-{meal.id}-{MONDAY}:1"
        assert (await julie.post_part("/planning/operations", {"op": op})).status_code == 200
        assert await page.next() > before


def asking(held: watch.Watch) -> int:
    """The tasks that put its question."""
    frames = [getattr(task.get_coro(), "cr_frame", None) for task in asyncio.all_tasks()]
    asks = [frame for frame in frames if frame and frame.f_code is watch.Watch._ask.__code__]
    return sum(frame.f_locals["self"] is held for frame in asks)


@ON_SQLITE
async def test_many_pages_make_one_question(
    demo: Portal, camille: Client, olivier: Client, asked: asyncio.Queue[int]
) -> None:
    karim = await demo.client("karim.petit")
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(ear(one)) for one in (camille, olivier, karim, camille)]
        for page in pages:
            await page.next()
        assert max(await questions(asked)) == 2, "families, not pages"
        assert asking(demo.app.state.watch) == 1
    while not asked.empty():
        asked.get_nowait()
    await asyncio.sleep(0.2)
    assert asked.qsize() <= 1, "it asks on, though no page is open"


@ON_SQLITE
async def test_pages_that_were_closed_leave_nothing(demo: Portal, camille: Client, olivier: Client) -> None:
    held: watch.Watch = demo.app.state.watch
    for _ in range(20):
        async with ear(camille) as one, ear(olivier) as other:
            await one.next()
            await other.next()
            assert len(held) == 2
    assert len(held) == 0 and held.numbers == {}


@ON_SQLITE
async def test_a_page_without_a_session_asks_no_more(
    demo: Portal, camille: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stream ends after a while, and the next one is none."""
    assert (await (await demo.client()).get(STREAM, headers=AS_EVENTS)).status_code == 204
    assert (await (await demo.client("mairie")).get(STREAM, headers=AS_EVENTS)).status_code == 204
    monkeypatch.setattr(live, "LIFE", 0.1)
    async with ear(camille) as page:
        await asyncio.wait_for(page.ended.wait(), PATIENCE)
        assert page.status == 200
    await Session.all().delete()
    assert (await camille.get(STREAM, headers=AS_EVENTS)).status_code == 204


async def test_an_open_page_keeps_nobody_signed_in(camille: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour without a hand ends a session, whatever its page asks meanwhile; a hand prolongs it."""
    monkeypatch.setattr(live, "LIFE", 0)
    long_ago = real() - IDLE + TOUCH
    await Session.all().update(seen=long_ago)
    assert (await camille.get(STREAM, headers=AS_EVENTS)).status_code == 200
    assert (await camille.get(f"{DAYS}?{SEEN}", headers={"hx-request": "true"})).status_code == 200
    assert (await Session.get()).seen == long_ago
    await tick(camille, "Lina", MEAL, MONDAY)
    assert (await Session.get()).seen > long_ago


async def test_more_pages_than_a_process_bears_do_without(
    camille: Client, olivier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_OF_FAMILY", 2)
    async with ear(camille), ear(camille):
        async with ear(camille) as third:
            assert third.status == 204
        monkeypatch.setattr(watch, "MOST", 2)
        assert (await olivier.get(STREAM, headers=AS_EVENTS)).status_code == 204


@ON_SQLITE
async def test_a_process_that_stops_waits_for_no_page(demo: Portal, camille: Client) -> None:
    async with ear(camille) as page:
        await page.next()
        demo.app.state.watch.end()
        await asyncio.wait_for(page.ended.wait(), PATIENCE)
    assert (await camille.get(STREAM, headers=AS_EVENTS)).status_code == 204


@ON_SQLITE
async def test_a_database_that_is_away_ends_no_page(
    camille: Client, olivier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [True, False, True]

    async def trying(families: dict[int, object]) -> dict[int, int]:
        if away and away.pop():
            raise OSError("away")
        return await numbers(families)

    monkeypatch.setattr(watch, "numbers", trying)
    async with ear(camille) as page:
        before = await page.next()
        await tick(olivier, "Lina", MEAL, MONDAY)
        assert await page.next() == before + 1


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


@ON_SQLITE
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
                process.terminate()
                _, log = await asyncio.to_thread(process.communicate)
                assert "Cancel 1 running task" not in str(log), "it waited until it had no more patience"
    finally:
        process.kill()
