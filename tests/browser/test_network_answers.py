"""Answers to ticks that were refused, lost, or cut: nothing goes by unread."""

from pathlib import Path

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.conftest import Serve, Visit
from tests.browser.diary import settled
from tests.browser.hand import lines
from tests.browser.network import OPERATIONS, SHIFTED
from tests.browser.test_planning import MEAL, MONDAY, SEPTEMBER, box, stored
from tests.serving import prepare, served

pytestmark = pytest.mark.browser
DAY = 24 * 3600 * 1000  # ms


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


async def test_the_same_batch_sent_twice_counts_once(lens: str, visit: Visit, said: list[str]) -> None:
    """Its first answer is lost. The other parent unticks meanwhile: the second sending must not tick again."""
    page = await visit(lens, "famille15", SEPTEMBER)
    keys: list[str] = []

    async def once(route: Route) -> None:
        keys.append(route.request.post_data or "")
        await route.fetch()
        await route.abort("connectionfailed")

    await page.route(OPERATIONS, once)
    await box(page, MEAL, "lundi 3").click()
    await expect(page.locator("#envoi")).to_have_text("1 modification à envoyer")
    other = await visit(lens, "famille15", SEPTEMBER)
    await expect(box(other, MEAL, "lundi 3")).to_be_checked()
    await box(other, MEAL, "lundi 3").click()
    await expect(other.locator("#panier")).to_contain_text("0 réservation")
    await page.unroute(OPERATIONS)

    def note(request: Request) -> None:
        if request.method == "POST":
            keys.append(request.post_data or "")

    page.on("request", note)
    await settled(page)
    assert len({key.partition("cle=")[2] for key in keys}) == 1 and len(keys) > 1
    assert await stored(page) == 0
    await expect(box(page, MEAL, "lundi 3")).not_to_be_checked()
    said.clear()


@pytest.mark.parametrize("means", ["mouse", "keyboard"])
@pytest.mark.parametrize("days", [-1, 1], ids=["a-day-slow", "a-day-fast"])
async def test_the_servers_clock_decides(serve: Serve, visit: Visit, means: str, days: int) -> None:
    """A second after noon, the page is a minute old and the device believes whatever it likes."""
    page = await visit(serve("demo", "2026-09-07T12:00:01"), "camille.durand", "/accueil")
    await page.add_init_script(SHIFTED % (days * DAY))
    await page.goto("/planning?vue=mois&debut=2026-09-01&modifier=1")
    late = (
        page.get_by_role("checkbox", name="mardi 8 septembre 2026")
        .and_(page.get_by_role("checkbox", name="La limite était lundi 7 sept. à 12:00"))
        .first
    )
    free = page.get_by_role("checkbox", name="jeudi 10 septembre 2026, libre").first
    before = await page.locator("#cost").inner_text()
    await late.evaluate(
        "(box) => { box.removeAttribute('aria-disabled'); box.parentElement.dataset.s = 'free' }"
    )
    if means == "mouse":
        await late.click()
    else:
        await late.press("Space")
    await expect(page.locator("#alerte")).to_have_text(
        "Trop tard pour mardi 8 septembre\u00a0: la limite était lundi 7 septembre à 12:00."
    )
    await expect(late).not_to_be_checked()
    await expect(late).to_have_attribute("aria-disabled", "true")
    await expect(late).to_be_focused()
    assert await page.locator("#cost").inner_text() == before
    await free.press("Space")  # and what is in time is taken
    await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
    await expect(page.locator("#alerte")).to_be_empty()


async def test_ticks_that_come_late_are_refused_for_all_to_see(
    visit: Visit, tmp_path: Path, said: list[str], store: Path, sqlite_template: Path
) -> None:
    """Ticked in time without network; the network comes back after the deadline of one of them."""
    prepare(store, sqlite_template, tmp_path, "--demo", "lens", PORTAIL_NOW="2018-08-29T23:00:00")
    with served(tmp_path, "--demo", "lens", PORTAIL_NOW="2018-08-29T23:00:00") as (_, address):
        page = await visit(address, "famille15", SEPTEMBER)
        await page.context.set_offline(True)
        for day in ("lundi 3", "lundi 10"):
            await box(page, MEAL, day).click()
        await expect(page.locator("#envoi")).to_have_text("2 modifications à envoyer")
    port = address.rpartition(":")[2]
    with served(tmp_path, "--demo", "lens", "--port", port, PORTAIL_NOW="2018-08-30T00:00:00"):
        await page.context.set_offline(False)
        refused = "Trop tard pour lundi 3 septembre\u00a0: la limite était mercredi 29 août à 23:59."
        await expect(page.locator("#alerte")).to_have_text(refused)
        late = box(page, MEAL, "lundi 3")
        await expect(late).not_to_be_checked()
        await expect(late).to_have_attribute("aria-disabled", "true")
        await expect(box(page, MEAL, "lundi 10")).to_be_checked()
        await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
        assert len(lines(tmp_path)) == 1
        await page.context.close()
    said.clear()


async def test_a_refusal_whose_answer_was_lost_is_still_told(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("lens", "2018-08-30T00:00:00"), "famille15", SEPTEMBER)
    late = box(page, MEAL, "lundi 3")

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionfailed")

    await page.route(OPERATIONS, lost)
    await late.evaluate("(box) => box.removeAttribute('aria-disabled')")
    await late.click()
    await expect(page.locator("#envoi")).to_have_text("1 modification à envoyer")
    await page.unroute(OPERATIONS)
    await expect(page.locator("#alerte")).to_contain_text("Trop tard pour lundi 3 septembre")
    await expect(late).not_to_be_checked()
    said.clear()


TORN = """(() => {
  const { text } = Response.prototype;
  let torn = false;
  Response.prototype.text = function () {
    if (torn || !this.url.endsWith("/planning/operations")) return text.call(this);
    torn = true;
    return Promise.reject(new TypeError("cut"));
  };
})()"""


async def test_an_answer_that_was_cut_in_the_middle_is_asked_for_again(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("lens", "2018-08-30T00:00:00"), "famille15", SEPTEMBER)
    await page.evaluate(TORN)
    late = box(page, MEAL, "lundi 3")
    await late.evaluate("(box) => box.removeAttribute('aria-disabled')")
    await late.click()
    await expect(page.locator("#alerte")).to_contain_text("Trop tard pour lundi 3 septembre")
    await expect(late).not_to_be_checked()
    said.clear()  # the answer that was cut


async def test_a_refusal_is_read_before_going_on(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("lens", "2018-08-30T00:00:00"), "famille15", SEPTEMBER)
    late, way = box(page, MEAL, "lundi 3"), page.get_by_role("link", name="Terminer les modifications")
    await late.evaluate("(box) => box.removeAttribute('aria-disabled')")
    await box(page, MEAL, "lundi 10").click()
    both = [await late.element_handle(), await way.element_handle()]
    await page.evaluate("([late, way]) => { late.click(); way.click(); }", both)  # no answer comes between
    await expect(page.locator("#alerte")).to_contain_text("Trop tard pour lundi 3 septembre")
    await expect(late).not_to_be_checked()
    await page.wait_for_timeout(300)
    assert "/planning?" in page.url
    await way.click()
    await expect(page.get_by_role("button", name="Payer 3,40")).to_be_visible()
