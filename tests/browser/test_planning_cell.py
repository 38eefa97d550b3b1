"""The bubble of a cell by mouse, keyboard and thumb: shown, entered, left, and never in the way."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.every_page import AXE, violations
from tests.browser.test_planning import MEAL, MONDAY, SEPTEMBER, box

pytestmark = pytest.mark.browser

READ = SEPTEMBER.replace("&modifier=1", "")
WEEK = "/planning?vue=semaine&debut=2018-09-03&modifier=1"
# A pointer that leaves the cell and comes into its bubble at once, whatever the machine does in between.
ASTRAY = """() => {
  for (const name of [".month thead", ".tip"])
    document.querySelector(name).dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
}"""


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


async def ticked(page: Page, *days: str) -> None:
    for day in days:
        await box(page, MEAL, day).click()
    await expect(page.locator("#panier")).to_contain_text(f"{len(days)} réservation")
    await page.mouse.move(0, 0)


async def by_card(page: Page) -> None:
    await page.get_by_label("Numéro de carte").fill("4970 1000 0000 0014")
    await page.get_by_label("Date de fin de validité").fill("12/30")
    await page.get_by_label("Cryptogramme visuel").fill("123")
    await page.get_by_role("button", name="Valider").click()
    await page.get_by_label("Code reçu par SMS").fill("123456")
    await page.get_by_role("button", name="Valider").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")


async def active(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.id || document.activeElement.className"))


def bubble(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def test_hovering_says_all_and_the_pointer_may_move_into_it(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await ticked(page, "lundi 3")
    monday = box(page, MEAL, "lundi 3")
    await monday.hover()
    await expect(bubble(page)).to_contain_text("3,40\u00a0€, à l’unité.")
    await expect(bubble(page)).to_contain_text("Modifiable jusqu’à mercredi 29 août à 23:59 (dans 2 jours).")
    await expect(bubble(page)).to_contain_text(re.compile("Ajoutée par Claire Famille, lundi 27 août à 10:"))
    place = await bubble(page).bounding_box()
    assert place
    await page.mouse.move(place["x"] + 20, place["y"] + place["height"] - 8)
    await page.evaluate(ASTRAY)
    await page.wait_for_timeout(900)
    await expect(bubble(page)).to_contain_text("Ajoutée par Claire")
    assert await active(page) == await monday.get_attribute("id")  # where the click left it
    await page.keyboard.press("Escape")
    await expect(bubble(page)).to_have_count(0)
    await monday.hover()
    await expect(bubble(page)).to_contain_text("Ajoutée par Claire")
    await page.mouse.move(2, 2)
    await expect(bubble(page)).to_have_count(0)


async def test_a_cell_is_asked_for_once_until_it_is_drawn_again(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/planning/case" in one.url else None)
    for _ in range(2):
        await box(page, MEAL, "lundi 3").hover()
        await expect(bubble(page)).to_contain_text("(dans 2 jours)")
        await page.mouse.move(2, 2)
        await expect(bubble(page)).to_have_count(0)
    assert len(asked) == 1
    await ticked(page, "lundi 3")
    await box(page, MEAL, "lundi 3").hover()
    await expect(bubble(page)).to_contain_text("Ajoutée par")
    assert len(asked) == 2


async def test_enter_opens_it_escape_and_tab_leave_it(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    monday = box(page, MEAL, "lundi 3")
    await monday.focus()
    await page.keyboard.press("Space")
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    await page.keyboard.press("Enter")
    await expect(bubble(page)).to_be_focused()
    await expect(bubble(page)).to_contain_text("Ajoutée par Claire")
    assert page.url.endswith(SEPTEMBER)  # the form was not sent
    await page.keyboard.press("Escape")
    await expect(bubble(page)).to_have_count(0)
    await expect(monday).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(bubble(page)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(bubble(page)).to_have_count(0)
    await page.keyboard.press("Shift+Tab")
    await expect(monday).to_be_focused()


async def test_where_days_are_read_only_they_are_one_tab_stop(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", READ)
    assert await page.locator(".month [tabindex='0']").count() == 1
    await page.locator(".month [tabindex='0']").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    name = "ACM du Soir, mardi 4 septembre 2018"
    await expect(page.get_by_role("button", name=name)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(bubble(page)).to_be_focused()
    await expect(bubble(page)).to_contain_text(name)
    await expect(bubble(page)).to_contain_text("1,50\u00a0€")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=name)).to_be_focused()
    assert await page.locator(".month [tabindex='0']").count() == 1


async def stay(page: Page, cell: Locator) -> None:
    """A thumb that does not lift off at once."""
    at = await cell.bounding_box()
    assert at
    wire = await page.context.new_cdp_session(page)
    there = [{"x": at["x"] + at["width"] / 2, "y": at["y"] + at["height"] / 2}]
    await wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": there})
    await expect(bubble(page)).to_be_visible()
    await wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_a_thumb_that_stays_reads_and_ticks_nothing(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", WEEK.replace("&modifier=1", ""), **PHONE)
    friday = box(page, MEAL, "vendredi 7")
    await stay(page, friday.locator(".."))
    await expect(bubble(page)).to_contain_text("Modifiable jusqu’à")
    await expect(friday).not_to_be_checked()
    place = await bubble(page).bounding_box()
    assert place and place["x"] >= 0 and place["x"] + place["width"] <= 360 and place["y"] >= 0
    await page.touchscreen.tap(3, 300)
    await expect(bubble(page)).to_have_count(0)


async def test_a_booked_day_leads_to_the_absence(lens: str, visit: Visit) -> None:
    """By the bubble, by the foot of the week, and by what a locked day answers."""
    page = await visit(lens, "famille15", WEEK, **PHONE)
    await expect(page.get_by_role("link", name="Prévenir d’une absence")).to_have_count(0)
    await box(page, MEAL, "vendredi 7").tap()
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    await page.goto("/planning/recapitulatif")
    await page.get_by_role("button", name="Payer 3,40").click()
    await by_card(page)
    await page.goto(WEEK)
    foot = page.locator(".repeat").get_by_role("link", name="Prévenir d’une absence")
    await expect(foot).to_have_count(1)
    assert await foot.get_attribute("href") == "/absences/nouvelle?debut=2018-09-07"
    booked = box(page, MEAL, "vendredi 7")
    await booked.evaluate("box => box.setAttribute('aria-disabled', 'true')")  # as when its limit is over
    await booked.tap(force=True)
    alert = page.locator("#alerte")
    await expect(alert).to_contain_text("réservée")
    link = alert.get_by_role("link", name="Prévenir d’une absence")
    assert (await link.get_attribute("href") or "").endswith("/absences/nouvelle?debut=2018-09-07")
    await booked.evaluate("box => box.id = box.id.replace('09-07', '09-06')")  # a day before the next one
    await booked.tap(force=True)
    await expect(link).to_have_count(0)
    await page.goto(WEEK)
    await stay(page, booked.locator(".."))
    await bubble(page).get_by_role("link", name="Prévenir d’une absence").tap()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Prévenir d’une absence")
    assert await page.locator("[name=jour]:checked").count() == 1


async def test_a_thumb_that_ticks_sees_no_bubble(lens: str, visit: Visit) -> None:
    page = await visit(lens, "famille15", WEEK, **PHONE)
    await box(page, MEAL, "lundi 3").tap()
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    await page.wait_for_timeout(600)
    await expect(bubble(page)).to_have_count(0)


@pytest.mark.parametrize("path", [SEPTEMBER, READ])
async def test_axe_finds_nothing_with_the_bubble_open(lens: str, visit: Visit, path: str) -> None:
    page = await visit(lens, "famille15", path)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    await page.locator(".month [tabindex='0']").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(bubble(page)).to_be_focused()
    assert await violations(page, "the bubble") == []
    await expect(bubble(page)).to_be_visible()
