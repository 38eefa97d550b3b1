"""What scripts add to the mairie's activities: a sheet that is walked and pasted into, a rule that says itself."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Serve, Visit
from tests.browser.test_admin_kit import at_the_mairie

pytestmark = pytest.mark.browser
NOW = "2016-09-16T10:00:00"
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


async def test_prices_are_pasted_and_a_rule_is_read_as_it_is_typed(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", NOW)
    page = await at_the_mairie(visit, address)
    await page.goto(f"{address}/mairie/activites/1/tarifs")
    first = page.locator("#tarif-0-unique")
    await first.focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#tarif-0-au")).to_be_focused()
    await first.focus()
    await page.evaluate(PASTE, "7,77\t8,88\n")
    await expect(first).to_have_value("7,77")
    await expect(page.locator("#tarif-1-unique")).to_have_value("8,88")
    await page.goto(f"{address}/mairie/activites/1/delais")
    await page.locator("#reserver-0-regle").select_option("week_before")
    await expect(page.locator("#reserver-0-weeks")).to_be_visible()
    await page.locator("#reserver-0-weekday").select_option("thu")
    await page.locator("#reserver-0-weeks").fill("2")
    await page.locator("#reserver-0-at").fill("11:15")
    await expect(page.locator("#exemple")).to_contain_text("jusqu’au jeudi, 2 semaines avant, à 11:15")
