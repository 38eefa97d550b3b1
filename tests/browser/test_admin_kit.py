"""What scripts add to the mairie's screens: a count of the ticked rows, and the palette."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import Serve, Visit

pytestmark = pytest.mark.browser
NOW = "2016-09-16T10:00:00"
FIND = "Chercher"
WAY = re.compile("Une page, un enfant, un dossier")


async def test_the_palette_leads_to_the_pages_of_the_menu(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", NOW)
    page = await at_the_mairie(visit, address)
    palette = page.get_by_role("dialog", name=FIND)
    await expect(palette).to_have_count(0)
    await page.keyboard.press("Control+k")
    await expect(palette).to_be_visible()
    await page.keyboard.type("A VOIR")
    await expect(palette.get_by_role("link")).to_have_count(1)  # pages are there before any answer
    await page.keyboard.press("Escape")
    await expect(palette).to_have_count(0)
    await page.get_by_role("link", name=WAY).click()
    await expect(palette.get_by_role("textbox")).to_have_value("")
    await page.keyboard.type("attente")
    await page.keyboard.press("ArrowDown")
    await expect(palette.get_by_role("link")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/mairie/liste-attente")


async def test_ticked_rows_are_counted_and_all_may_be_ticked(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", NOW)
    nadia = await visit(address, "nadia.roux", "/planning?vue=mois&debut=2016-10-01&modifier=1")
    for day in ("lundi 3", "mardi 4"):
        await nadia.get_by_role("checkbox", name=f"Repas, {day} octobre 2016").click()
    await expect(nadia.locator("#panier")).to_contain_text("2 réservations")
    await nadia.get_by_role("button", name="Valider et terminer").click()
    await nadia.get_by_role("button", name="Envoyer 2 demandes").click()
    await expect(nadia.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")
    mairie = await at_the_mairie(visit, address)
    accept = mairie.get_by_role("button", name="Accepter la sélection")
    await expect(accept).to_be_disabled()
    await mairie.get_by_label("Cocher").first.check()
    await expect(mairie.locator("[data-picked]")).to_have_text("1 sélectionnée")
    await mairie.get_by_role("button", name="Tout cocher").click()
    await expect(mairie.locator("[data-picked]")).to_have_text("2 sélectionnées")
    await accept.click()
    await expect(mairie.get_by_text("Aucune demande en attente.")).to_be_visible()


async def test_an_answer_is_undone_and_a_silence_is_said(serve: Serve, visit: Visit, said: list[str]) -> None:
    address = serve("lezignan", NOW)
    nadia = await visit(address, "nadia.roux", "/planning?vue=mois&debut=2016-10-01&modifier=1")
    await nadia.get_by_role("checkbox", name="Repas, lundi 3 octobre 2016").click()
    await nadia.get_by_role("button", name="Valider et terminer").click()
    await nadia.get_by_role("button", name=re.compile("^Envoyer.*demande")).click()
    await expect(nadia.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")
    mairie = await at_the_mairie(visit, address)
    accept = mairie.get_by_role("button", name=re.compile("^Accepter.:"))
    await mairie.route("**/acceptation", lambda route: route.abort())
    await accept.click()
    await expect(mairie.get_by_role("alert")).to_contain_text("Le portail n’a pas répondu.")
    said.clear()
    await mairie.unroute("**/acceptation")
    await accept.click()
    await expect(mairie.locator("#alerte")).to_be_empty()
    await mairie.get_by_role("button", name=re.compile("^Annuler")).click()
    await expect(accept).to_be_visible()


async def test_the_palette_finds_a_child_who_waits_for_an_answer(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", NOW)
    nadia = await visit(address, "nadia.roux", "/planning?vue=mois&debut=2016-10-01&modifier=1")
    await nadia.get_by_role("checkbox", name="Repas, lundi 3 octobre 2016").click()
    await nadia.get_by_role("button", name="Valider et terminer").click()
    await nadia.get_by_role("button", name=re.compile("^Envoyer.*demande")).click()
    await expect(nadia.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")
    page = await at_the_mairie(visit, address)
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name=FIND)
    await page.keyboard.type("roux")
    await expect(palette.get_by_role("link", name="lundi 3 octobre 2016")).to_have_count(1)
    await expect(palette.get_by_role("link").first).to_contain_text("lundi 3 octobre 2016")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/mairie/demandes?demande=*")
    await page.keyboard.press("Control+k")
    await expect(palette.locator("#palette-trouve")).to_be_empty()
    await page.keyboard.type("zzz")
    await expect(palette.get_by_text("Rien de ce nom.")).to_be_visible()


async def test_without_scripts_there_is_no_palette(serve: Serve, visit: Visit) -> None:
    page = await at_the_mairie(visit, serve("lezignan", NOW), java_script_enabled=False)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Demandes")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("link", name=WAY).click()
    await page.get_by_role("searchbox").fill("a voir")
    await page.get_by_role("button", name="Chercher").click()
    await expect(page.get_by_role("region", name="Résultats").get_by_role("link")).to_have_text("À voir")


async def at_the_mairie(visit: Visit, address: str, **device: Any) -> Page:
    page = await visit(address, None, "/connexion?suite=/mairie/demandes", **device)
    await page.locator("form.sign input:not([type=hidden])").first.fill("mairie")
    await page.locator("form.sign input[type=password]").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url("**/mairie/demandes")
    return page
