"""The two main stories in a real browser: a week paid by card, a day asked of the mairie and answered."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PATIENCE, PHONE, Serve, Visit, sign_in
from tests.browser.test_planning import box

pytestmark = pytest.mark.browser

MEAL = "Rest Sco Pré Paiement 2018-2019"
TICKS = [
    ("ACM du Matin", "lundi 3", "0,70"),
    ("ACM du Soir", "lundi 3", "2,20"),
    ("ACM du Soir", "mardi 4", "3,70"),
    ("ACM du Soir", "jeudi 6", "5,20"),
    ("ACM du Soir", "vendredi 7", "6,70"),
    (MEAL, "lundi 3", "10,10"),
    (MEAL, "jeudi 6", "13,50"),
    (MEAL, "vendredi 7", "16,90"),
]


async def pay(page: Page, card: str) -> None:
    await expect(page.get_by_text("RESTAURATION ACM").first).to_be_visible()
    await expect(page.get_by_text("16.90 EUR").first).to_be_visible()
    await page.get_by_label("Numéro de carte").fill(card)
    await page.get_by_label("Date de fin de validité").fill("12/30")
    await page.get_by_label("Cryptogramme visuel").fill("123")
    await page.get_by_role("button", name="Valider").click()
    await page.get_by_label("Code reçu par SMS").fill("123456")
    await page.get_by_role("button", name="Valider").click()


@pytest.mark.parametrize(("device", "view"), [({}, "mois"), (PHONE, "semaine")], ids=["desktop", "phone"])
async def test_a_week_is_booked_and_paid(
    serve: Serve, visit: Visit, device: dict[str, object], view: str
) -> None:
    week = f"/planning?vue={view}&debut=2018-09-03"
    page = await visit(serve("lens", "2018-08-27T10:00:00"), "famille15", week, **device)
    if view == "mois":
        await page.get_by_role("link", name="Modifier").click()
    for n, (slot, day, total) in enumerate(TICKS, start=1):
        await box(page, slot, day).click()
        await expect(page.locator("#cost")).to_have_text(f"{total}\u00a0€")
        await expect(page.locator("#panier")).to_contain_text(f"{n} réservation")
    await page.get_by_role("link", name=re.compile("^Terminer")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Récapitulatif de votre saisie")
    await page.get_by_role("button", name="Payer 16,90").click()
    await pay(page, "4970 1000 0000 0014")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")
    await page.goto(week)
    assert await page.locator('.month [data-s="booked"]').count() == 8
    await expect(page.locator("#cost")).to_have_text("16,90\u00a0€")
    async with asyncio.timeout(PATIENCE / 1000):  # the letter goes out in the background
        await page.goto("/demo/courriels")
        while not await page.get_by_text("16,90").count():
            await page.wait_for_timeout(250)
            await page.reload()
    await expect(page.get_by_role("heading", name="Reçu de paiement").first).to_be_visible()


async def test_a_week_is_booked_and_paid_without_scripts(serve: Serve, visit: Visit) -> None:
    """Plain forms from the sign-in to the ticket, on a phone."""
    week = "/planning?vue=semaine&debut=2018-09-03"
    town = serve("lens", "2018-08-27T10:00:00")
    page = await visit(town, None, week, java_script_enabled=False, **PHONE)
    await sign_in(page, "famille15")
    await page.goto(week)
    await page.get_by_role(
        "link", name="Modifier"
    ).click()  # the size of a screen is not known without a script
    for slot, day, _ in TICKS:
        await box(page, slot, day).check()
    await page.get_by_role("button", name="Valider et terminer").click()
    await page.get_by_role("button", name="Payer 16,90").click()
    await pay(page, "4970 1000 0000 0014")
    again = page.get_by_role("link", name="Actualiser")
    async with asyncio.timeout(PATIENCE / 1000):  # until the bank has told the portal
        while await again.count():
            await page.wait_for_timeout(250)
            await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")
    await page.goto(week)
    assert await page.locator('.month [data-s="booked"]').count() == 8
    for module in ("planning", "planning/recapitulatif", "factures", "messages", "inscriptions"):
        await page.goto(f"/{module}")  # and the sixth is the home that they lead to
        await expect(page.locator(".crumbs").get_by_role("link", name="Accueil")).to_be_visible()


async def test_days_are_asked_and_answered(serve: Serve, visit: Visit) -> None:
    address = serve("lezignan", "2016-09-16T10:00:00")
    october = "/planning?vue=mois&debut=2016-10-01"
    nadia = await visit(address, "nadia.roux", f"{october}&modifier=1")
    for day in ("lundi 3", "mardi 4", "jeudi 6", "vendredi 7"):
        await nadia.get_by_role("checkbox", name=f"Repas, {day} octobre 2016").click()
    await expect(nadia.locator("#panier")).to_contain_text("4 réservations")
    assert await nadia.get_by_role("checkbox", name="Repas, jeudi 20 octobre 2016").count() == 0
    await nadia.get_by_role("button", name="Valider et terminer").click()
    await nadia.get_by_role("button", name="Envoyer 4 demandes").click()
    await expect(nadia.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")

    mairie = await visit(address, None, "/connexion")
    await mairie.locator("form.sign input:not([type=hidden])").first.fill("mairie")
    await mairie.locator("form.sign input[type=password]").fill("portail-famille-demo")
    await mairie.get_by_role("button", name="Se connecter").click()
    await mairie.wait_for_url("**/mairie/tableau-de-bord")
    await mairie.get_by_label("Menu de la mairie").get_by_role("link", name="Demandes").click()
    await mairie.wait_for_url("**/mairie/demandes")
    for left in (3, 2, 1):
        await mairie.get_by_role("button", name="Accepter :").first.click()
        await expect(mairie.locator("#a-traiter")).to_have_text(str(left))
    await mairie.locator(".refuse > summary").first.click()
    await mairie.locator(".refuse").first.get_by_label("Motif").fill("Sortie scolaire")
    await mairie.get_by_role("button", name="Refuser la demande").click()
    await expect(mairie.locator("#a-traiter")).to_have_text("0")

    await nadia.goto(october)
    assert await nadia.locator('.month [data-s="booked"]').count() == 3
    refused = nadia.locator('.month [data-s="refused"]')
    await expect(refused).to_contain_text("refusée par la mairie\u00a0: Sortie scolaire")
