"""Both parents at once: what one ticks shows on the other's open planning, never under a hand."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.diary import held_back

pytestmark = pytest.mark.browser

NOW = "2025-09-22T10:00:00"
MONTH = "/planning?vue=mois&debut=2025-10-01&modifier=1"
WEEK = "/planning?vue=semaine&debut=2025-10-06&modifier=1"
TICKED = "Planning mis à jour\u00a0: {} par Olivier."


@pytest.fixture
def demo(serve: Serve) -> str:
    return serve("demo", NOW)


async def boxes(page: Page) -> list[str]:
    """The ids of the open, empty days of the first row that has several."""
    await expect(page.locator("#planning .see").first).to_be_attached()
    found: list[str] = await page.evaluate(
        "[...document.querySelectorAll('.month tr')]"
        ".map((row) => [...row.querySelectorAll('.cell[data-s=free] > .see:not([aria-disabled=true])')])"
        ".find((row) => row.length > 3).map((box) => box.id)"
    )
    return found


def one(page: Page, id: str) -> Locator:
    return page.locator(f"#{id}")


async def both(demo: str, visit: Visit, path: str = MONTH) -> tuple[Page, Page, list[str]]:
    camille = await visit(demo, "camille.durand", path)
    olivier = await visit(demo, "olivier.durand", path)
    return camille, olivier, await boxes(camille)


async def test_a_tick_shows_on_the_other_parents_page(demo: str, visit: Visit) -> None:
    camille, olivier, days = await both(demo, visit)
    total = await camille.locator("#panier").inner_text()
    await one(camille, days[0]).focus()
    await one(olivier, days[1]).click()
    await expect(one(camille, days[1])).to_be_checked()
    await expect(camille.locator("#panier")).not_to_have_text(total)
    await expect(camille.locator("#panier")).to_have_text(await olivier.locator("#panier").inner_text())
    await expect(camille.locator("#annonce")).to_have_text(TICKED.format("1 jour changé"))
    assert await camille.evaluate("document.activeElement.id") == days[0]
    await one(olivier, days[1]).click()
    await expect(one(camille, days[1])).not_to_be_checked()


async def test_several_ticks_are_told_in_one_sentence(demo: str, visit: Visit) -> None:
    """A whole row."""
    camille, olivier, days = await both(demo, visit)
    await camille.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(annonce.textContent))"
        ".observe(document.getElementById('annonce'), { childList: true })"
    )
    await olivier.locator(f"tr:has(#{days[0]}) .tri").click()
    for day in days:
        await expect(one(camille, day)).to_be_checked()
    await expect(camille.locator("#annonce")).to_have_text(TICKED.format(f"{len(days)} jours changés"))
    assert await camille.evaluate("heard.length") == 1


async def test_a_cell_that_is_pressed_stays_as_it_is(demo: str, visit: Visit) -> None:
    """The hand that means to tick does not untick what the other parent has just ticked."""
    camille, olivier, days = await both(demo, visit)
    place = await camille.locator(f"label:has(#{days[0]})").bounding_box()
    assert place
    await camille.mouse.move(place["x"] + 8, place["y"] + 8)
    await camille.mouse.down()
    await one(olivier, days[0]).click()
    await one(olivier, days[1]).click()
    await camille.wait_for_timeout(3500)
    await expect(one(camille, days[0])).not_to_be_checked()
    await expect(one(camille, days[1])).not_to_be_checked()
    await camille.mouse.up()
    await expect(one(camille, days[0])).to_be_checked()
    await expect(one(camille, days[1])).to_be_checked()
    await expect(camille.locator("#panier")).to_have_text(await olivier.locator("#panier").inner_text())
    await expect(one(olivier, days[0])).to_be_checked()


async def test_nothing_is_drawn_under_a_hand_that_moves(demo: str, visit: Visit) -> None:
    """It aims at what it sees."""
    camille, olivier, days = await both(demo, visit)
    place = await camille.locator(f"label:has(#{days[0]})").bounding_box()
    assert place
    await one(olivier, days[0]).click()
    for n in range(25):
        await camille.mouse.move(place["x"] + 4 + n % 8, place["y"] + 8)
        await camille.wait_for_timeout(100)
    await expect(one(camille, days[0])).not_to_be_checked()
    await expect(one(camille, days[0])).to_be_checked()  # at rest


async def test_what_is_not_sent_yet_wins(demo: str, visit: Visit, said: list[str]) -> None:
    """A tick that the network lost stands. What the other parent ticks meanwhile is drawn after it."""
    camille, olivier, days = await both(demo, visit)
    await camille.route("**/planning/operations", lambda route: route.abort())
    await one(camille, days[0]).click()
    await expect(camille.locator("#envoi")).to_be_visible()
    await one(olivier, days[0]).click()
    await one(olivier, days[0]).click()
    await one(olivier, days[1]).click()
    await camille.wait_for_timeout(2500)
    await expect(one(camille, days[0])).to_be_checked()
    await expect(one(camille, days[1])).not_to_be_checked()
    await camille.unroute("**/planning/operations")
    await expect(camille.locator("#envoi")).to_be_hidden()
    await expect(one(camille, days[1])).to_be_checked()
    await expect(one(camille, days[0])).to_be_checked()
    await expect(one(olivier, days[0])).to_be_checked()
    said.clear()  # the requests that were cut


async def test_another_tabs_unsent_ticks_turn_no_box_here(demo: str, visit: Visit) -> None:
    """Two tabs of one browser: what one has still to send is not drawn in the other, whatever is told meanwhile."""
    camille, olivier, days = await both(demo, visit)
    tab = await camille.context.new_page()
    await tab.goto(MONTH)
    gate = await held_back(camille)
    await one(camille, days[0]).click()
    await gate.asked.wait()
    await one(camille, days[1]).click()  # waits behind the first
    await one(olivier, days[2]).click()
    await tab.wait_for_timeout(2500)
    for day in days[:3]:
        await expect(one(tab, day)).not_to_be_checked()
    gate.open.set()
    for day in days[:3]:
        await expect(one(tab, day)).to_be_checked()


async def test_a_page_that_nobody_sees_does_not_listen(demo: str, visit: Visit) -> None:
    camille, olivier, days = await both(demo, visit)
    await one(olivier, days[0]).click()
    await expect(one(camille, days[0])).to_be_checked()
    asked: list[str] = []
    camille.on("request", lambda request: asked.append(request.url))
    see = "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    see += " document.dispatchEvent(new Event('visibilitychange')) }"
    async with camille.expect_event(
        "requestfailed", lambda request: request.url.endswith("/planning/direct")
    ):
        await camille.evaluate(see, True)
    await one(olivier, days[1]).click()
    await camille.wait_for_timeout(2500)
    assert not [url for url in asked if "direct" in url]
    await camille.evaluate(see, False)
    await expect(one(camille, days[1])).to_be_checked()


async def test_the_open_bubble_stays_and_tells_the_change(demo: str, visit: Visit) -> None:
    _, olivier, days = await both(demo, visit)
    reading = await visit(demo, "camille.durand", MONTH.removesuffix("&modifier=1"))
    await one(reading, days[0]).click()
    tip = reading.locator(".tip")
    await expect(tip).to_contain_text("Modifiable")
    await one(olivier, days[0]).click()
    await expect(tip).to_contain_text("Ajoutée par Olivier Durand")
    assert await tip.is_visible()


async def test_on_a_phone_the_weeks_below_follow_and_nothing_scrolls(demo: str, visit: Visit) -> None:
    camille = await visit(demo, "camille.durand", WEEK, **PHONE)
    olivier = await visit(demo, "olivier.durand", WEEK, **PHONE)
    for page in (camille, olivier):
        await page.locator(".week > summary").first.tap()
    below = olivier.locator(".week .cell[data-s=free] > .see:not([aria-disabled=true])").first
    day = await below.get_attribute("id")
    assert day
    at = await camille.evaluate("scrollY")
    await one(olivier, day).tap()
    await expect(one(camille, day)).to_be_checked()
    assert await camille.evaluate("scrollY") == at


async def test_a_page_that_is_signed_out_stops_in_silence(demo: str, visit: Visit) -> None:
    camille, olivier, days = await both(demo, visit)
    await one(olivier, days[1]).click()
    await expect(one(camille, days[1])).to_be_checked()  # she listens
    asked = []
    camille.on("request", lambda request: asked.append(request.url))
    await camille.context.clear_cookies()
    async with camille.expect_event("requestfinished", lambda request: "direct" in request.url):
        await camille.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await one(olivier, days[0]).click()
    await expect(olivier.locator("#planning")).not_to_have_attribute("aria-busy", "true")
    await camille.wait_for_timeout(4500)
    assert [url for url in asked if "direct" in url] == [f"{demo}/planning/direct"]
    await expect(camille.locator("dialog[data-ask]")).to_have_count(0)
