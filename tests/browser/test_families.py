"""A family comes to the mairie: typed in by keyboard alone, then found in the palette."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Serve, Visit

pytestmark = pytest.mark.browser
NOW = "2025-09-22T10:00:00"


async def test_a_family_of_two_children_by_keyboard_alone(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "gestion", "/mairie/familles/nouvelle")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nouvelle famille")
    await tab_to(page, "r1_prenom")
    for typed in ("Nadia", "Roux", "nadia@roux.example", "0600002001"):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    await tab_to(page, "adresse")
    await page.keyboard.type("3 rue des Lilas\n38000 Val-Fleuri")
    await tab_to(page, "quotient")
    await page.keyboard.type("640")
    for prefix, name, birth, school in (
        ("e1", "Tom", "2018-03-04", "CE1, École élémentaire Jules-Ferry"),
        ("e2", "Ana", "2021-04-05", "MS, École maternelle Les Lilas"),
    ):
        await tab_to(page, f"{prefix}_prenom")
        await page.keyboard.type(name)
        await page.keyboard.press("Tab")
        await page.keyboard.type("Roux")
        await page.keyboard.press("Tab")
        await type_day(page, birth)
        await tab_to(page, f"{prefix}_classe")
        await choose(page, school)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")  # the first activity
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Le dossier est créé.")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Famille Roux")
    await page.goto(page.url.partition("/mairie")[0] + "/mairie/tableau-de-bord")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("0600002001")
    found = page.get_by_role("dialog", name="Chercher").get_by_role("link", name="Nadia Roux")
    await expect(found).to_contain_text("Tom, Ana")
    await page.keyboard.press("ArrowDown")
    await expect(found).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/mairie/familles/*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Famille Roux")


async def type_day(page: Page, day: str) -> None:
    """Into the field that has the focus, in the order in which this browser asks for its parts."""
    year, month, number = day.split("-")
    for parts in (f"{number}{month}{year}", f"{month}{number}{year}"):
        await page.keyboard.type(parts)
        if await page.evaluate("document.activeElement.value") == day:
            return
        for _ in range(2):
            await page.keyboard.press("Shift+Tab")
    raise AssertionError(f"no way to type {day}")


async def choose(page: Page, label: str) -> None:
    """Down the list that has the focus, until this is chosen."""
    for _ in range(30):
        if await page.evaluate("document.activeElement.selectedOptions[0].label") == label:
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {label}")


async def tab_to(page: Page, name: str) -> None:
    """On with the Tab key until the field of this name has the focus."""
    for _ in range(80):
        if await page.evaluate("document.activeElement.name || ''") == name:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {name}")
