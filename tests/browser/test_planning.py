"""The planning as a parent uses it: mouse, keyboard, thumb, a slow or broken network."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import PHONE, Serve, Visit

pytestmark = pytest.mark.browser

MONDAY = "2018-08-27T10:00:00"
SEPTEMBER = "/planning?vue=mois&debut=2018-09-01&modifier=1"
MEAL = "Rest Sco Pré Paiement 2018-2019"


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


def box(page: Page, slot: str, day: str) -> Locator:
    return page.get_by_role("checkbox", name=f"{slot}, {day} septembre 2018")


async def stored(page: Page) -> int:
    """How many ticks the server knows."""
    fresh = await page.context.new_page()
    await fresh.goto(SEPTEMBER)
    found = await fresh.locator('.month [data-s="picked"]').count()
    await fresh.close()
    return found


async def test_a_tick_by_mouse_and_one_by_keyboard(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, "ACM du Matin", "lundi 3").click()
    await expect(page.locator("#cost")).to_have_text("0,70\u00a0€")
    await box(page, "ACM du Soir", "lundi 3").press("Space")
    await expect(page.locator("#cost")).to_have_text("2,20\u00a0€")
    await expect(page.locator("#panier")).to_contain_text("2 réservations en attente")
    await expect(page.locator("#annonce")).to_contain_text("ACM du Soir, lundi 3 septembre\u00a0: ajoutée.")
    assert await page.evaluate("document.activeElement.id") == await box(
        page, "ACM du Soir", "lundi 3"
    ).get_attribute("id")
    await box(page, "ACM du Soir", "lundi 3").press("Space")
    await expect(page.locator("#cost")).to_have_text("0,70\u00a0€")
    await expect(page.get_by_role("link", name="Récapitulatif (1)")).to_be_visible()


async def test_a_refused_tick_shows_unticked_with_its_reason(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("lens", "2018-08-30T00:00:00"), "famille15", SEPTEMBER)
    late = box(page, "ACM du Soir", "lundi 3")
    await late.click(force=True)
    await expect(page.locator("#alerte")).to_contain_text("La limite était mercredi 29 août à 23:59")
    await expect(late).not_to_be_checked()
    # The same page, opened a minute before: the box could be ticked, the server knows better.
    await late.evaluate(
        "box => { box.removeAttribute('aria-disabled'); box.parentElement.dataset.s = 'free' }"
    )
    await late.click()
    refused = "Trop tard pour lundi 3 septembre\u00a0: la limite était mercredi 29 août à 23:59."
    await expect(page.locator("#alerte")).to_contain_text(refused)
    await expect(late).not_to_be_checked()
    await expect(late).to_have_attribute("aria-disabled", "true")


async def test_six_quick_ticks_are_all_stored(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    sent, ticked = 0, asyncio.Event()

    async def wait(route: Route) -> None:
        nonlocal sent
        sent += 1
        await ticked.wait()
        await route.continue_()

    await page.route("**/planning/operations", wait)
    for day in ("lundi 3", "mardi 4", "jeudi 6", "vendredi 7", "lundi 10", "mardi 11"):
        await box(page, MEAL, day).click()
    ticked.set()
    await expect(page.locator("#panier")).to_contain_text("6 réservations en attente")
    assert sent <= 2 and await stored(page) == 6


async def test_leaving_at_once_loses_nothing(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, MEAL, "lundi 3").click()
    await page.get_by_role("link", name="Juliette").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Juliette")
    await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
    await box(page, MEAL, "lundi 3").click()
    await page.get_by_role("button", name="Valider", exact=True).click()
    await expect(page.get_by_role("link", name="Modifier")).to_be_visible()
    await expect(page.locator("#panier")).to_contain_text("2 réservations en attente")
    await page.get_by_role("link", name="Enfant suivant\u00a0: Léo").click()
    await box(page, MEAL, "mardi 4").click()
    await page.close()
    page = await page.context.new_page()
    await page.goto(SEPTEMBER)
    await expect(page.locator("#panier")).to_contain_text("3 réservations en attente")


async def test_a_cut_network_keeps_the_ticks(lens: str, visit: Visit, said: list[str]) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await page.route("**/planning/operations", lambda route: route.abort())
    await box(page, MEAL, "lundi 3").click()
    await expect(page.locator("#alerte")).to_contain_text("La connexion est interrompue")
    await expect(box(page, MEAL, "lundi 3")).to_be_checked()
    await page.unroute("**/planning/operations")
    await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
    await expect(page.locator("#alerte")).to_be_empty()
    said.clear()  # Chromium complains of the request that was cut


async def test_the_head_of_a_row_ticks_it_whole(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    whole = page.get_by_role("checkbox", name="Tout le mois, ACM du Matin")
    await expect(whole).not_to_be_checked()
    await whole.click()
    await expect(page.locator("#panier")).to_contain_text("16 réservations en attente")
    await expect(whole).to_be_checked()
    assert len(asked) == 1
    await whole.press("Space")
    await expect(page.locator("#panier")).to_contain_text("0 réservation en attente")


async def test_a_phone_shows_the_week_without_scrolling_sideways(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", "/planning?modifier=1&debut=2018-09-03", **PHONE)
    await expect(page.locator(".month").first).to_have_attribute("data-view", "week")
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    cell = await page.locator("label.cell").first.bounding_box()
    assert cell and cell["width"] >= 44 and cell["height"] >= 44
    await box(page, "ACM du Soir", "lundi 3").tap()
    await expect(page.locator("#cost")).to_have_text("1,50\u00a0€")


async def test_the_legend_follows_the_ticks(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    legend = page.locator(".legend > li").filter(visible=True)
    before = await legend.all_inner_texts()
    assert "Libre" in before and "Sélection" not in before and "Vacances" not in before
    await box(page, MEAL, "lundi 3").click()
    await expect(legend).to_have_count(len(before) + 1)
    assert "Sélection" in await legend.all_inner_texts()
    await box(page, MEAL, "lundi 3").click()
    await expect(legend).to_have_text(before)


async def test_the_cart_opens_on_its_lines(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", "/planning?debut=2018-09-03&modifier=1", **PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(lens)))
    sheet = page.get_by_role("dialog", name="Modifications en cours")
    await box(page, "ACM du Soir", "lundi 3").tap()
    await page.locator("#panier").tap()  # at once: it waits until the tick is stored
    await expect(sheet.get_by_role("listitem")).to_have_text(
        [re.compile("ACM du Soir"), re.compile("^Total")]
    )
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    assert await page.evaluate("document.activeElement.className") == "bag"
    await box(page, MEAL, "jeudi 6").tap()
    await expect(page.locator("#panier")).to_contain_text("2 réservations")
    assert asked.count("/planning/panier") == 1  # nothing is fetched that nobody looks at
    await page.locator("#panier").tap()
    await expect(sheet).to_contain_text("jeudi 6 septembre")
    await expect(sheet.get_by_role("listitem").last).to_contain_text("4,90\u00a0€")
    await sheet.get_by_role("button", name="Fermer").tap()
    await expect(sheet).to_be_hidden()


async def test_without_scripts_the_same_page_is_a_plain_form(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER, java_script_enabled=False)
    await box(page, "ACM du Matin", "lundi 3").check()
    await box(page, MEAL, "jeudi 6").check()
    await page.get_by_role("button", name="Valider", exact=True).click()
    await expect(page.locator("#cost")).to_have_text("4,10\u00a0€")
    await page.get_by_role("link", name="Modifier").click()
    await page.get_by_role("checkbox", name="Tout le mois, ACM du Soir").click()
    await expect(page.locator("#panier")).to_contain_text("18 réservations en attente")
    await box(page, MEAL, "jeudi 6").uncheck()
    await page.get_by_role("button", name="Valider et terminer").click()
    await expect(page).to_have_url(f"{lens}/planning/recapitulatif")


@pytest.mark.parametrize("width", [1366, 800, 360])
async def test_one_way_on_stands_beside_the_grid_and_the_breadcrumb_above_it(
    lens: str, visit: Visit, width: int
) -> None:
    page = await visit(lens, "famille15", SEPTEMBER, viewport={"width": width, "height": 900})
    ways = page.locator(".cart").get_by_text(re.compile("^(Valider et terminer|Terminer.*)$"))
    said = [await one.inner_text() for one in await ways.all() if await one.is_visible()]
    assert said == ["Terminer" if width < 640 else "Valider et terminer"]
    await expect(page.locator(".crumbs")).to_be_visible()
    await page.goto("/planning/recapitulatif")
    await expect(page.locator(".crumbs")).to_contain_text("Vous êtes ici\u00a0: Accueil › Planning")
    await expect(page.locator(".crumbs")).to_be_visible()
