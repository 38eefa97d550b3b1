"""The mairie writes a piece of news; a stranger reads it on a phone."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, Serve, Visit

pytestmark = pytest.mark.browser


async def test_the_mairie_writes_and_a_stranger_reads(serve: Serve, visit: Visit) -> None:
    town = serve("demo", "2025-09-22T10:00:00")
    desk = await visit(town, "gestion", "/mairie/actualites")
    await desk.get_by_role("link", name="Nouvelle actualité").click()
    await desk.get_by_label("Titre").fill("Kermesse samedi")
    await desk.get_by_label("Résumé").fill("À l’école, de 10 h à 16 h.")
    await desk.get_by_label("Texte").fill("Avec **des jeux** et [les menus](/menus).")
    await desk.get_by_role("button", name="Aperçu").click()
    await expect(desk.get_by_role("region", name="Aperçu")).to_contain_text("Avec des jeux et les menus.")
    await desk.get_by_role("button", name="Publier").click()
    await expect(desk.get_by_role("link", name="Kermesse samedi")).to_be_visible()

    phone = await visit(town, None, "/", **PHONE)
    await expect(phone.get_by_role("heading", name="Actualités")).to_be_attached()
    await phone.get_by_role("link", name="Lire la suite : Kermesse samedi").click()
    await expect(phone.get_by_role("heading", level=1)).to_have_text("Kermesse samedi")
    await expect(phone.locator("strong")).to_have_text("des jeux")
    await phone.get_by_role("link", name="les menus").click()
    await expect(phone.get_by_role("heading", level=1)).to_contain_text("Menus du 22 au 26 septembre")

    await desk.get_by_role("button", name="Retirer : Kermesse samedi").click()
    await desk.get_by_role("button", name="Annuler").click()
    await expect(desk.get_by_text("L’actualité est remise comme elle était.")).to_be_visible()
