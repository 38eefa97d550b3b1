"""Ticks on bad networks: a phone's hundred taps, the worker's copy in a tunnel, two tabs, a deadline that passes."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.diary import Diary, held_back, settled, until
from tests.browser.hand import Hand, lines
from tests.browser.network import OPERATIONS, SHIFTED, slow
from tests.browser.test_planning import MEAL, MONDAY, SEPTEMBER, box
from tests.browser.worker import controlled, kept

pytestmark = pytest.mark.browser
WEEKS = "/planning?vue=semaine&debut=2018-09-03&semaines=3&modifier=1"
DAY = 24 * 3600 * 1000  # ms


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


async def open_boxes(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(
        "[...document.querySelectorAll('.month .see:not([aria-disabled])')].map((box) => box.id)"
    )
    return found


@pytest.mark.parametrize(("path", "device"), [(SEPTEMBER, {}), (WEEKS, PHONE)], ids=["desktop", "phone"])
async def test_200_random_ticks_on_a_bad_network_are_all_kept(
    lens: str,
    visit: Visit,
    tmp_path: Path,
    said: list[str],
    path: str,
    device: dict[str, Any],
) -> None:
    """In two tabs, with reloads at any moment. What goes wrong is told with its seed and the history of its cells."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    page = await visit(lens, "famille15", "/accueil", **device)
    hand = Hand(page.context, random.Random(seed), path, tmp_path / "lens", bool(device))
    await hand.begin(page)
    await slow(page.context, hand.chance)
    await hand.tick(200)
    await page.context.unroute(OPERATIONS)
    await hand.end()
    assert hand.wrong() == [], f"seed {seed}"
    said.clear()  # the requests that were lost


async def test_an_answer_is_never_drawn_over_a_newer_tick(lens: str, visit: Visit, tmp_path: Path) -> None:
    """Not for a moment: a hand that came then would turn the wrong way."""
    page, diary = await visit(lens, "famille15", "/accueil"), Diary()
    await diary.follow(page, "page")
    await page.goto(SEPTEMBER)
    gate, tick = await held_back(page), box(page, MEAL, "lundi 3")
    await tick.click()
    await gate.asked.wait()
    await tick.click()  # not that one, after all
    gate.open.set()
    await settled(page)
    cell = str(await tick.get_attribute("id"))[3:]
    assert diary.count(cell, "drawn") >= 2
    seen = [one.cells[cell] for one in diary.notes if one.what in ("drawn", "shown") and cell in one.cells]
    assert set(seen) == {0}, diary.of(cell)
    assert lines(tmp_path / "lens") == []


@pytest.mark.parametrize("means", ["mouse", "key"])
@pytest.mark.parametrize("what", ["cell", "row"])
async def test_an_answer_that_comes_under_a_press_does_not_swallow_it(
    lens: str, visit: Visit, tmp_path: Path, means: str, what: str
) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    gate, tick = await held_back(page), box(page, "ACM du Matin", "lundi 3")
    await tick.press("Space")
    await gate.asked.wait()
    whole = page.get_by_role("checkbox", name="Tout le mois, ACM du Matin")
    async with pressed(page, tick if what == "cell" else whole, means):
        gate.open.set()
        await expect(page.locator("#cost")).to_have_text("0,70\u00a0€")
    await expect(page.locator("#cost")).to_have_text("0,00\u00a0€" if what == "cell" else "11,20\u00a0€")
    await settled(page)
    assert len(lines(tmp_path / "lens")) == (0 if what == "cell" else 16)


@asynccontextmanager
async def pressed(page: Page, button: Locator, means: str) -> AsyncIterator[None]:
    """While it is held down."""
    if means == "key":
        await button.focus()
        await page.keyboard.down("Space")
        yield
        await page.keyboard.up("Space")
    else:
        await button.hover()
        await page.mouse.down()
        yield
        await page.mouse.up()


async def test_a_page_that_was_drawn_before_a_tick_shows_it(lens: str, visit: Visit, tmp_path: Path) -> None:
    """Reloaded at once: the server draws the page, then takes the tick, and answers the page that is going away."""
    page, diary = await visit(lens, "famille15", "/accueil"), Diary()
    await diary.follow(page, "page")
    await page.goto(SEPTEMBER)
    tick = box(page, MEAL, "lundi 3")
    cell = str(await tick.get_attribute("id"))[3:]
    asked, drawn, told = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tick_later(route: Route) -> None:
        asked.set()
        await drawn.wait()
        await route.continue_()

    async def page_later(route: Route) -> None:
        answer = await route.fetch()
        drawn.set()
        await told.wait()
        await route.fulfill(response=answer)

    await page.route(OPERATIONS, tick_later)
    await page.route("**/planning?**", page_later)
    await tick.click()
    await asked.wait()
    await page.evaluate("setTimeout(() => location.reload())")
    await until(lambda: diary.count(cell, "done"))  # the page that goes away has its answer
    told.set()
    await expect(tick).to_be_checked()
    await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
    await settled(page)
    assert len(lines(tmp_path / "lens")) == 1


async def test_ticks_made_before_the_scripts_came_are_stored(lens: str, visit: Visit, tmp_path: Path) -> None:
    page = await visit(lens, "famille15", "/accueil")
    gate = asyncio.Event()

    async def wait(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route("**/portail*.js*", wait)
    await page.goto(SEPTEMBER, wait_until="commit")
    await box(page, MEAL, "lundi 3").check()
    await box(page, MEAL, "mardi 4").check()
    gate.set()
    await expect(page.locator("#panier")).to_contain_text("2 réservations en attente")
    await expect(box(page, MEAL, "lundi 3")).to_be_checked()
    assert len(lines(tmp_path / "lens")) == 2


async def test_a_clock_that_is_set_back_changes_no_order(
    lens: str, visit: Visit, tmp_path: Path, said: list[str]
) -> None:
    """Ticked without network, and taken back after the telephone found the right time."""
    page = await visit(lens, "famille15", SEPTEMBER)
    await page.route(OPERATIONS, lambda route: route.abort("connectionfailed"))
    await box(page, MEAL, "mardi 4").click()
    await expect(page.locator("#envoi")).to_be_visible()  # sealed: what comes now waits behind it
    await box(page, MEAL, "lundi 3").click()
    await page.add_init_script(SHIFTED % -DAY)
    await page.reload()
    await box(page, MEAL, "lundi 3").click()
    await expect(box(page, MEAL, "lundi 3")).not_to_be_checked()
    await page.unroute(OPERATIONS)
    await settled(page)
    await expect(box(page, MEAL, "lundi 3")).not_to_be_checked()
    assert len(lines(tmp_path / "lens")) == 1
    said.clear()


async def test_the_last_word_of_two_tabs_on_a_cell_stands(lens: str, visit: Visit, tmp_path: Path) -> None:
    """While one waits for an answer, the other says something newer."""
    one = await visit(lens, "famille15", SEPTEMBER)
    other = await one.context.new_page()
    await other.goto(SEPTEMBER)
    gate, cell = await held_back(one), (MEAL, "lundi 3")
    await box(one, MEAL, "mardi 4").click()
    await gate.asked.wait()
    await box(one, *cell).click()
    await box(one, *cell).click()  # no
    await box(other, *cell).click()  # yes: the last word
    await one.wait_for_timeout(100)
    gate.open.set()
    for page in (one, other):
        await settled(page)
    assert len(lines(tmp_path / "lens")) == 2
    await expect(box(other, *cell)).to_be_checked()


@pytest.mark.worker
async def test_ticks_of_a_tunnel_are_stored_once(
    lens: str, visit: Visit, tmp_path: Path, said: list[str]
) -> None:
    """No network at all: the worker shows its copy, the ticks stand on it, more are made."""
    page = await visit(lens, "famille15", WEEKS, **PHONE)
    await controlled(page)
    await kept(page, WEEKS)
    await page.context.set_offline(True)
    ids = await open_boxes(page)
    for one in ids[:3]:
        await page.locator(f"#{one}").tap()
    await expect(page.locator("#envoi")).to_have_text("3 modifications à envoyer")
    assert lines(tmp_path / "lens") == []
    await page.reload()
    await expect(page.locator(".unplugged")).to_contain_text("Hors connexion. Planning du")
    await expect(page.locator("#envoi")).to_have_text("3 modifications à envoyer")
    for one in ids[3:8]:
        await page.locator(f"#{one}").tap()
    await page.locator(f"#{ids[0]}").tap()  # not that one, after all
    await expect(page.locator("#envoi")).to_have_text("8 modifications à envoyer")
    await page.context.set_offline(False)
    await settled(page)
    await expect(page.locator("#panier")).to_contain_text("7 réservations")
    assert sorted(lines(tmp_path / "lens")) == sorted(ids[1:8])
    said.clear()


async def test_two_tabs_and_another_parents_phone_keep_all_their_ticks(
    lens: str, visit: Visit, tmp_path: Path
) -> None:
    one = await visit(lens, "famille15", SEPTEMBER)
    other = await one.context.new_page()
    await other.goto(SEPTEMBER)
    phone = await visit(lens, "famille15", WEEKS, **PHONE)
    for context in (one.context, phone.context):
        await slow(context)
    ids = (await open_boxes(phone))[:12]
    for n in range(0, 12, 3):
        await one.locator(f"#{ids[n]}").click()
        await other.locator(f"#{ids[n + 1]}").click()
        await phone.locator(f"#{ids[n + 2]}").tap()
    await other.locator(f"#{ids[1]}").click()  # unticked again: the other tab must not bring it back
    for page in (one, other, phone):
        await settled(page)
    assert sorted(lines(tmp_path / "lens")) == sorted(set(ids) - {ids[1]})
