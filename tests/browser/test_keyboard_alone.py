"""An agent without a mouse: signs in, finds a family, accepts its request and goes back, by keys alone."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import Serve, Visit

pytestmark = pytest.mark.browser

FAR = 60  # presses: further away nobody goes
FOCUSED = "element => element === document.activeElement && element.matches(':focus-visible')"


async def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """With Tab, from where the focus is, or `back` with Shift; the focus is seen on its way."""
    await expect(wanted).to_be_visible()
    for _ in range(FAR):
        if await wanted.evaluate(FOCUSED):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab does not reach {wanted} from {await page.evaluate('document.activeElement.outerHTML')}")


async def found(page: Page, words: str, way: str) -> None:
    """Ctrl+K, the words, down to the link, Enter."""
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Chercher")
    await expect(palette.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type(words)
    link = palette.locator(f"a[href*='{way}']").first
    await expect(link).to_be_visible()
    for _ in range(await palette.get_by_role("link").count()):
        await page.keyboard.press("ArrowDown")
        if await link.evaluate(FOCUSED):
            break
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{way}*")


async def test_a_request_is_accepted_without_a_mouse(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", "2016-09-16T10:00:00")
    nadia = await visit(address, "nadia.roux", "/planning?vue=mois&debut=2016-10-01&modifier=1")
    await nadia.get_by_role("checkbox", name="Repas, lundi 3 octobre 2016").click()
    await nadia.get_by_role("button", name="Valider et terminer").click()
    await nadia.get_by_role("button", name=re.compile("^Envoyer.*demande")).click()
    await expect(nadia.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")

    page = await visit(address, None, "/connexion?suite=/mairie/tableau-de-bord")
    await tab_to(page, page.locator("[name=identifiant]"))
    await page.keyboard.type("mairie")
    await tab_to(page, page.locator("[name=mot_de_passe]"))
    await page.keyboard.type(DEMO_PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/mairie/tableau-de-bord")
    await found(page, "roux", "/mairie/familles/")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Roux")
    await found(page, "roux", "/mairie/demandes?demande=")
    await tab_to(page, page.get_by_role("button", name=re.compile("^Accepter : Tom|^Accepter\u00a0: Tom")))
    await page.keyboard.press("Enter")
    await expect(page.locator("#a-traiter")).to_have_text("0")
    assert await page.evaluate("document.activeElement !== document.body"), "the focus is somewhere"
    await tab_to(page, page.get_by_role("button", name=re.compile("^Annuler")))
    await found(page, "tableau", "/mairie/tableau-de-bord")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await nadia.goto("/planning?vue=mois&debut=2016-10-01&modifier=1")
    await expect(nadia.get_by_role("checkbox", name="Repas, lundi 3 octobre 2016, réservée")).to_be_checked()
