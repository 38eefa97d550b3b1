"""« Mon compte » on a small phone: nothing wider than the screen, the bar's height told, the night kept."""

from typing import Any

import pytest
from playwright.async_api import Page

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import PHONE, Serve, Visit

pytestmark = pytest.mark.browser

NIGHT = "rgb(18, 20, 23)"
SMALL: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 640}}
BAR = """() => {
  const probe = document.body.appendChild(document.createElement("div"));
  probe.setAttribute("id", "probe");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("#probe { block-size: var(--bottom-bar) }");
  document.adoptedStyleSheets = [sheet];
  const told = probe.getBoundingClientRect().height;
  probe.remove();
  return [told, document.querySelector(".tabbar")?.getBoundingClientRect().height ?? 0];
}"""


async def test_a_small_phone_and_the_night(serve: Serve, visit: Visit) -> None:
    address = serve("alixan", "2022-07-04T14:00:00")  # five places in the bar
    page = await visit(address, "paule.martin", "/compte", **SMALL)
    assert await page.evaluate(BAR) == [57, 57]
    assert await page.locator(".tabbar a").count() == 5
    for path in ("/compte", "/accessibilite", "/accueil"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") == 320, path
        assert await cut_labels(page) == []
    await page.goto("/compte")
    await page.get_by_role("radio", name="Sombre").check()
    await page.get_by_role("button", name="Enregistrer").click()
    await page.get_by_text("C’est enregistré.").wait_for()
    for path in ("/compte", "/planning"):
        await page.goto(path)
        assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == NIGHT


async def test_where_there_is_no_bar_its_height_is_nothing(serve: Serve, visit: Visit) -> None:
    address = serve("lens", "2018-08-27T10:00:00")
    desk = await visit(address, "famille15", "/compte")
    assert await desk.evaluate(BAR) == [0, 0]
    visitor = await visit(address, None, "/", **SMALL)
    assert await visitor.evaluate(BAR) == [0, 0]
    assert await visitor.evaluate("document.documentElement.scrollWidth") == 320


async def cut_labels(page: Page) -> list[str]:
    """Places of the bar whose word is wider than its place."""
    wide = "links => links.filter(link => link.scrollWidth > link.clientWidth).map(link => link.textContent)"
    found: list[str] = await page.locator(".tabbar a").evaluate_all(wide)
    return found


async def test_no_button_of_staff_does_nothing(serve: Serve, visit: Visit) -> None:
    """« Afficher » shows a password by the parents' script, which the mairie's pages do not load."""
    address = serve("alixan", "2022-07-04T14:00:00")
    page = await visit(address, "paule.martin", "/compte")
    passwords = await page.locator("input[type=password]:visible").count()
    assert await page.locator("[data-reveal]:visible").count() == passwords > 0
    await page.context.clear_cookies()
    await page.goto(f"{address}/connexion?suite=/mairie/compte")
    await page.fill("#identifiant", "mairie")
    await page.fill("#mot_de_passe", DEMO_PASSWORD)
    await page.click("text=Se connecter")
    await page.wait_for_url("**/mairie/compte")
    assert await page.locator("input[type=password]:visible").count() == 3
    assert await page.locator("[data-reveal]:visible").count() == 0
