"""From the mairie's letter to the planning, on a phone: the square, three questions, one e-mail, one button."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.test_money_stories import until
from tests.documents import reading
from tests.web.accounts import NEW

pytestmark = pytest.mark.browser

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")


async def test_from_the_letter_to_the_planning(serve: Serve, visit: Visit) -> None:
    address = serve("demo", "2025-09-22T10:00:00")
    desk = await visit(address, "mairie", "/mairie/comptes?etat=a-activer")
    await desk.locator(".pick .tkl").first.click()
    await desk.locator("#ensemble").get_by_role("button", name="Courriers").click()
    pdf = desk.get_by_role("link", name=re.compile("Imprimer le Pdf")).first
    await until(desk, pdf.is_visible)
    paper = await desk.context.request.get(await pdf.get_attribute("href") or "")
    code = CODE.search(reading.words(await paper.body()))
    assert code

    phone = await visit(
        address, None, f"/inscrivez-vous?dossier=VF-1007&code={code[0]}&nom=nora.benali", **PHONE
    )
    await expect(phone.get_by_label("Code du courrier")).to_have_value(code[0])
    await phone.get_by_label("Adresse mail").fill("nora@ailleurs.example")
    await phone.get_by_label("Mot de passe").fill(NEW)
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
    await phone.get_by_role("button", name="Créer mon compte").click()
    await expect(phone.get_by_text("n…a@ailleurs.example")).to_be_visible()
    await phone.get_by_role("link", name="lire les e-mails").click()
    link = phone.locator("a[href*='/activation/']").first
    await until(phone, link.is_visible)
    await link.click()
    await expect(phone.get_by_text("nora.benali")).to_be_visible()
    await phone.get_by_role("button", name="Activer mon compte").click()
    await phone.wait_for_url("**/accueil")
    await phone.get_by_role("navigation").get_by_role("link", name="Planning").last.click()
    await expect(phone.get_by_text("Yanis").first).to_be_visible()
