"""How many taps, swipes and keys a parent's errands cost, from the sign-in page to « Payer » (the bank's own apart)."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.test_planning import MEAL, box
from tests.browser.test_planning_cell import by_card

pytestmark = pytest.mark.browser

EVENING = "ACM du Soir"
WEEK = [(MEAL, "lundi 3"), (MEAL, "jeudi 6"), (MEAL, "vendredi 7"), (EVENING, "lundi 3"), (EVENING, "mardi 4"),
        (EVENING, "jeudi 6")]  # fmt: skip
SWIPE = 450  # CSS pixels: what a thumb moves a page of 740
# How far an element lies above (negative) or below what is seen between the bars at the top and at the foot.
FAR = """element => {
  const at = element.getBoundingClientRect(), foot = document.querySelector(".foot")?.getBoundingClientRect();
  const top = document.querySelector(".kids")?.getBoundingClientRect().bottom ?? 0;
  const low = foot && !element.closest(".foot") ? foot.top : innerHeight;
  return element.closest(".kids, .foot") ? 0 : at.bottom > low ? at.bottom - low : at.top < top ? at.top - top : 0;
}"""


class Thumb:
    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.swipes = page, 0, 0

    async def tap(self, what: Locator) -> None:
        await expect(what).to_be_visible()
        while abs(far := await what.evaluate(FAR)) >= 1:
            step = max(-SWIPE, min(SWIPE, far))
            before = await self.page.evaluate("scrollY")
            await self.page.evaluate("step => scrollBy({ top: step, behavior: 'instant' })", step)
            self.swipes += 1
            assert await self.page.evaluate("scrollY") != before, "it cannot be brought into view"
        self.taps += 1
        await what.tap()

    async def sign_in(self) -> None:
        form = self.page.locator("form.sign")
        for field, typed in (
            ("input:not([type=hidden])", "famille15"),
            ("input[type=password]", DEMO_PASSWORD),
        ):
            await self.tap(form.locator(field).first)
            await self.page.keyboard.type(typed)
        await self.tap(self.page.get_by_role("button", name="Se connecter"))
        await self.page.wait_for_url("**/accueil")

    async def plan(self) -> None:
        await self.tap(self.page.locator(".tabbar").get_by_role("link", name="Planning"))
        await self.page.wait_for_url("**/planning**")

    async def link(self, name: str) -> None:
        await self.tap(self.page.get_by_role("link", name=re.compile(name)).first)

    async def pay(self) -> None:
        await self.tap(self.page.locator(".cart").get_by_role("link", name=re.compile("^Terminer")))
        await self.tap(self.page.get_by_role("button", name=re.compile("^Payer")).first)

    def spent(self) -> tuple[int, int]:
        """Taps and swipes since the last time."""
        spent = self.taps, self.swipes
        self.taps = self.swipes = 0
        return spent


@pytest.fixture
async def thumb(serve: Serve, visit: Visit) -> Thumb:
    return Thumb(await visit(serve("lens", "2018-08-27T10:00:00"), None, "/connexion", **PHONE))


async def test_a_week_then_one_day_taken_back_then_an_absence(thumb: Thumb) -> None:
    page = thumb.page
    await thumb.sign_in()
    await thumb.plan()
    for slot, day in WEEK:
        await thumb.tap(box(page, slot, day))
    await thumb.pay()
    taps, swipes = thumb.spent()
    assert taps <= 12 and swipes == 0
    await by_card(page)
    await page.goto("/planning")
    await box(page, EVENING, "vendredi 7").tap()
    await expect(page.locator("#panier")).to_contain_text("1 réservation")
    await thumb.tap(page.get_by_role("button", name="Annuler"))
    await expect(page.locator("#panier")).to_contain_text("0 réservation")
    assert thumb.spent()[0] == 1
    await page.goto("/accueil")
    await thumb.link("Prévenir d’une absence")
    await thumb.tap(page.locator("label.check:has([name=jour])").first)
    await thumb.tap(page.get_by_role("button", name=re.compile("Prévenir")))
    await page.wait_for_url("**/absences/*")
    assert thumb.spent()[0] <= 3


async def test_a_month_then_the_brothers(thumb: Thumb) -> None:
    page = thumb.page
    await thumb.sign_in()
    await thumb.plan()
    await thumb.link("^Mensuel$")
    for slot in (MEAL, EVENING):
        await thumb.tap(page.get_by_role("checkbox", name=f"Tout le mois, {slot}"))
    await thumb.pay()
    taps, swipes = thumb.spent()
    assert taps <= 9 and swipes <= 2
    await by_card(page)
    await thumb.link("^Réserver pour Juliette")
    for slot in (MEAL, EVENING):
        await thumb.tap(page.get_by_role("checkbox", name=f"Tout le mois, {slot}"))
    await thumb.pay()
    assert thumb.spent()[0] <= 5


async def test_a_type_week_for_the_year(thumb: Thumb) -> None:
    page = thumb.page
    await thumb.sign_in()
    await thumb.plan()
    await thumb.link("Modification avancée")
    for day in ("lundi", "jeudi", "vendredi"):
        await thumb.tap(page.locator(".tw-grid").first.locator("label.cell", has_text=f"{MEAL}, {day}"))
    await thumb.tap(page.locator("label.check", has_text="année"))
    await thumb.tap(page.get_by_role("button", name="Ajouter à mes modifications"))
    await thumb.pay()
    taps, swipes = thumb.spent()
    assert taps <= 12 and swipes <= 6


async def test_a_week_by_keyboard(serve: Serve, visit: Visit) -> None:
    page = await visit(
        serve("lens", "2018-08-27T10:00:00"), "famille15", "/planning?vue=semaine&debut=2018-09-03"
    )
    keys = 0

    async def press(*pressed: str) -> None:
        nonlocal keys
        for key in pressed:
            keys += 1
            await page.keyboard.press(key)

    async def tab_to(selector: str) -> None:
        while not await page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            await press("Tab")
            assert keys < 100

    await tab_to(".skip [href='#modifications']")
    await press("Enter")
    await tab_to(".cart .btn.main")  # « Modifier »
    await press("Enter")
    await page.wait_for_url("**modifier=1*")
    await tab_to(".month .see")
    await press("ArrowDown", "Space", "ArrowRight", "Space", "ArrowRight", "Space", "ArrowDown", "Space")
    await press("ArrowRight", "Space", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Space")
    await expect(page.locator("#panier")).to_contain_text("6 réservations")
    for slot, day in WEEK:
        await expect(box(page, slot, day)).to_be_checked()
    await tab_to(".skip [href='#modifications']")
    await press("Enter")
    await tab_to(".cart [name=terminer]")
    await press("Enter")
    await page.wait_for_url("**/recapitulatif")
    await tab_to(".skip [href='#valider']")
    await press("Enter")
    await tab_to(".paybar button")
    await press("Enter")
    await page.wait_for_url("**/banque/**")
    assert keys <= 60, keys
