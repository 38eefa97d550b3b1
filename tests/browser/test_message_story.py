"""A parent writes to a department (story L8): the text outlives a file that is too large, a reload, a session that
ended and a cut network; the mairie has it once and answers."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, Serve, Visit, enter
from tests.web.messaging import pdf

pytestmark = pytest.mark.browser

TEXT = "Bonjour,\nnous avons déménagé, voici le justificatif."
TOO_LARGE = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": pdf(2 * 1024 * 1024 + 1)}
GOOD = {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": pdf(1_900_000)}


async def keeps(page: Page) -> None:
    await expect(page.get_by_label("Message")).to_have_value(TEXT)
    await expect(page.get_by_label("Objet")).to_have_value("Nouvelle adresse")


async def test_what_a_parent_writes_is_never_lost(serve: Serve, visit: Visit, said: list[str]) -> None:
    town = serve("demo", "2025-09-22T10:00:00")
    page = await visit(town, "sophie.moreau", "/messages/nouveau", **PHONE)
    await page.get_by_label("Service").select_option(index=1)
    await expect(page.locator("#theme optgroup")).to_have_count(0)
    await page.get_by_label("Thème").select_option(index=1)
    await page.get_by_label("Objet").fill("Nouvelle adresse")
    await page.get_by_label("Message").fill(TEXT)
    await page.get_by_label("Joindre un fichier").set_input_files(TOO_LARGE)  # type: ignore[arg-type]
    await expect(page.locator("#fichier-erreur")).to_contain_text("Choisissez un fichier de 2")
    await page.reload()
    await keeps(page)
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_label("Objet")).to_have_count(0)  # whoever has no session is sent away
    await enter(page.context, "sophie.moreau", "semaine")
    said.clear()  # the refused form
    await page.goto("/messages/nouveau")
    await keeps(page)
    await expect(page.get_by_text("Votre texte est repris")).to_be_visible()
    await page.get_by_label("Joindre un fichier").set_input_files(GOOD)  # type: ignore[arg-type]
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_text("Sera envoyé au retour de la connexion.")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nouvelle adresse")
    await expect(page.get_by_text("Votre message est envoyé")).to_be_visible()
    await expect(page.get_by_text("bail.pdf")).to_be_visible()
    conversation = page.url
    await page.goto("/messages/nouveau")
    await expect(page.get_by_label("Message")).to_have_value("")
    mairie = await visit(town, "gestion", "/mairie/messages")
    await expect(mairie.get_by_role("row", name="Nouvelle adresse")).to_have_count(1)
    await mairie.get_by_role("link", name="Nouvelle adresse").click()
    await mairie.get_by_label("Réponse à").fill("C’est noté.")
    await mairie.get_by_role("button", name="Répondre").click()
    await page.goto("/messages")
    await expect(page.get_by_role("link", name="Nouvelle adresse")).to_contain_text("non lu")
    await page.goto(conversation)
    await expect(page.get_by_text("C’est noté.", exact=True)).to_be_visible()
    await page.goto("/demo/courriels")
    await expect(page.get_by_role("heading", name="La mairie vous a répondu").first).to_be_visible()
