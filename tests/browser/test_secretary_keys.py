"""A secretary's day by keyboard alone: requests with their undo, an activity, a closed day, the roll call, the till."""

import re

import pytest
from playwright.async_api import Page, expect

from models.rules.money import NBSP
from tests.browser.conftest import MakeTown, Visit
from tests.browser.test_families import choose
from tests.browser.test_keyboard_alone import FOCUSED, found, tab_to

pytestmark = pytest.mark.browser

SEPTEMBER, THE_DAY = "2025-09-22T10:00:00", "2025-10-06T16:40:00"


async def asks(page: Page, *names: str) -> None:
    """A parent, who may use a mouse."""
    for name in names:
        await page.get_by_role("checkbox", name=name).click()
    await page.get_by_role("button", name="Valider et terminer").click()
    await page.locator("#recap").get_by_role("button", name=re.compile("^(Terminer|Envoyer)")).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")


async def answers_in_bulk(page: Page) -> None:
    """Two at once, taken back within ten seconds, given again."""
    await found(page, "demandes", "/mairie/demandes")
    await tab_to(page, page.get_by_role("button", name="Tout cocher"))
    await page.keyboard.press("Enter")
    await tab_to(page, page.locator("form[data-bulk]").get_by_role("button", name=re.compile("^Accepter")))
    await page.keyboard.press("Enter")
    await expect(page.locator("#a-traiter")).to_have_text("0")
    await tab_to(page, page.get_by_role("button", name=re.compile("^Annuler")))
    await page.keyboard.press("Enter")
    await expect(page.locator("#a-traiter")).to_have_text("2")
    await tab_to(page, page.get_by_role("button", name="Tout cocher"))
    await page.keyboard.press("Enter")
    await tab_to(page, page.locator("form[data-bulk]").get_by_role("button", name=re.compile("^Accepter")))
    await page.keyboard.press("Enter")
    await expect(page.locator("#a-traiter")).to_have_text("0")


async def types(page: Page, field: str, text: str) -> None:
    await tab_to(page, page.locator(f"[name={field}]"))
    await page.keyboard.press("Control+a")
    await page.keyboard.type(text)


async def makes_an_activity(page: Page) -> None:
    """The five steps of the wizard, each left with Enter."""
    await found(page, "activités", "/mairie/activites")
    await tab_to(page, page.get_by_role("link", name="Nouvelle activité"))
    await page.keyboard.press("Enter")
    await types(page, "nom", "Club du livre")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/identite")
    await tab_to(page, page.locator("[name=facturation]"))
    await choose(page, "Sur la facture du mois")
    await tab_to(page, page.locator("[name=nom]"), back=True)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/seances")
    for field, text in (("nom", "Lecture"), ("debut", "12:30"), ("fin", "13:30")):
        await types(page, f"creneau-0-{field}", text)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/calendrier")


async def walks_the_year(page: Page) -> None:
    """One stop of Tab for the whole year; the arrows go on from there."""
    focused = page.locator("[data-year] a:focus")
    await tab_to(page, page.locator("[data-year] a[tabindex='0']"))
    assert await page.locator("[data-year] a[tabindex='0']").count() == 1
    for key, day in (
        ("ArrowRight", "2025-10-09"),  # no club on Wednesday
        ("ArrowDown", "2025-10-16"),
        ("End", "2025-10-17"),
        ("Home", "2025-10-13"),
        ("PageDown", "2025-11-13"),
        ("PageUp", "2025-10-13"),
        ("ArrowUp", "2025-10-13"),  # a week before is today, which does not close any more
    ):
        await page.keyboard.press(key)
        await expect(focused).to_have_attribute("data-day", day)
    assert await focused.evaluate(FOCUSED)
    await page.keyboard.press("Space")
    await expect(page.locator("[name=fermeture-0-du]")).to_have_value("2025-10-13")


async def test_the_same_day_without_a_mouse(town: MakeTown, visit: Visit) -> None:
    demo = town("demo", SEPTEMBER)
    address = demo.at(SEPTEMBER)
    week = "/planning?vue=mois&debut=2025-10-01&modifier=1"
    sophie = await visit(address, "sophie.moreau", week)
    await asks(sophie, "Atelier, mardi 14 octobre 2025", "Atelier, jeudi 16 octobre 2025")
    linh = await visit(address, "linh.nguyen", week)
    await asks(linh, "Accueil du soir, lundi 6 octobre 2025")

    page = await visit(demo.at(THE_DAY), "mairie", "/mairie/tableau-de-bord")
    await answers_in_bulk(page)
    await makes_an_activity(page)
    await walks_the_year(page)
    await found(page, "pointage", "/mairie/pointage")
    await tab_to(page, page.get_by_role("link", name=re.compile("^Accueil du soir")))
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("button", name="Présent\u00a0: Mai Nguyen"))
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-count=there]")).to_have_text("1")
    assert await page.get_by_role("button", name="Présent\u00a0: Mai Nguyen").evaluate(FOCUSED)
    await found(page, "régie", "/mairie/regie")
    await page.keyboard.type("nguyen")
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_label("Reçu de la famille"))
    await page.keyboard.type("20")
    await page.keyboard.press("Enter")
    await expect(page.locator(".given")).to_contain_text(f"1,20{NBSP}€")
    await page.context.close()
    await demo.verify()
