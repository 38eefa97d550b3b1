"""The stories of money and of messages in a real browser: the parents on their phones, the mairie at its desk."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import FilePayload, Page, expect

from models.rules.money import NBSP
from tests.browser.conftest import PATIENCE, PHONE, MakeTown, Visit
from tests.web.messaging import PDF

pytestmark = pytest.mark.browser
TWO_ROWS = 100  # pixels that the tabs may take from what is to pay
SEPTEMBER, NOVEMBER = "2025-09-22T10:00:00", "2025-11-03T09:00:00"


async def until(page: Page, seen: Callable[[], Awaitable[bool]]) -> None:
    """Ask for the page again until it shows it: what is drawn or told in the background."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not await seen():
            await page.wait_for_timeout(250)
            await page.reload()


async def pays_by_card(page: Page, euros: str) -> None:
    """At the demo bank, which must ask for so much; back on the portal's page."""
    await expect(page.get_by_text(f"{euros} EUR").first).to_be_visible()
    await page.get_by_label("Numéro de carte").fill("4970 1000 0000 0014")
    await page.get_by_label("Date de fin de validité").fill("12/30")
    await page.get_by_label("Cryptogramme visuel").fill("123")
    await page.get_by_role("button", name="Valider").click()
    await page.get_by_label("Code reçu par SMS").fill("123456")
    await page.get_by_role("button", name="Valider").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")


async def fits(page: Page) -> None:
    """Nothing of it sticks out of a phone."""
    await page.wait_for_load_state()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    wide = await page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], page.url


async def test_two_of_three_invoices_are_paid_on_a_phone(town: MakeTown, visit: Visit) -> None:
    """Story L6."""
    now = "2018-08-27T10:00:00"
    lens = town("lens", now)
    page = await visit(lens.at(now), "famille15", "/accueil", **PHONE)
    await page.get_by_label("Menu du bas").get_by_role("link", name="Factures").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Payer mes factures")
    await fits(page)
    tabs = await page.get_by_role("navigation", name="Factures").bounding_box()
    assert tabs and tabs["height"] <= TWO_ROWS
    april = page.get_by_role("listitem").filter(has_text="16043631")
    await april.get_by_text("Détail").click()
    line = april.locator("tbody tr")
    for said in ("Du 01/04/2016 au 30/04/2016", "Léo", "5", f"3,30{NBSP}€", f"16,50{NBSP}€"):
        await expect(line).to_contain_text(said)
    await page.get_by_role("checkbox", name="Mai 2016").click()
    await page.get_by_role("checkbox", name="Avril 2016").click()
    chosen = page.get_by_role("complementary", name="Sélection")
    await expect(chosen).to_contain_text("2 factures sélectionnées")
    await expect(chosen).to_contain_text(f"46,20{NBSP}€")
    await fits(page)
    await page.get_by_role("button", name="Étape suivante").click()
    await expect(page.locator("#recap")).to_contain_text(f"2 factures pour un montant total de 46,20{NBSP}€")
    await fits(page)
    await page.get_by_role("button", name="Payer 46,20").click()
    await pays_by_card(page, "46.20")
    await expect(page.locator("main")).to_contain_text(f"46,20{NBSP}€")
    await fits(page)
    await page.goto("/factures")
    await expect(page.locator(".due-item")).to_have_count(1)
    await expect(page.locator(".due-item")).to_contain_text("16033631")
    await page.get_by_role("link", name="Historique").click()
    await expect(page.get_by_text("Payée", exact=True)).to_have_count(2)
    await fits(page)
    await lens.verify()


async def test_a_part_of_one_enrolment_is_paid_at_a_desk(town: MakeTown, visit: Visit) -> None:
    """Story Z4."""
    now = "2016-09-16T10:00:00"
    lezignan = town("lezignan", now)
    page = await visit(lezignan.at(now), "nadia.roux", "/compte/historique")
    accounts = page.locator("main")
    await expect(accounts).to_contain_text(f"48,00{NBSP}€")
    await page.get_by_label("Menu").get_by_role("link", name="Factures").first.click()
    for name, sums in (("CANTINE", ("94,50", "59,50", "35,00")), ("GARDERIE", ("35,00", "22,00", "13,00"))):
        said = "Montant {} €, déjà réglé {} €, solde {} €".format(*sums).replace(" €", f"{NBSP}€")
        await expect(page.locator(".due-item").filter(has_text=name)).to_contain_text(said)
    chosen = page.get_by_role("complementary", name="Sélection")
    await page.get_by_role("checkbox", name="CANTINE").check()
    await page.get_by_role("checkbox", name="GARDERIE").check()
    await expect(chosen).to_contain_text(f"48,00{NBSP}€")
    await page.get_by_role("checkbox", name="GARDERIE").uncheck()
    await expect(chosen.locator(".total")).to_contain_text(f"35,00{NBSP}€")
    await page.get_by_role("button", name="Étape suivante").click()
    part = page.get_by_label("Montant à payer pour CANTINE")
    await part.fill("20,00")
    await part.press("Tab")
    await page.get_by_role("button", name="Payer 20,00").click()
    await pays_by_card(page, "20.00")
    await page.goto("/factures")
    await expect(page.locator(".due-item").filter(has_text="CANTINE")).to_contain_text(f"solde 15,00{NBSP}€")
    await expect(page.locator("main")).to_contain_text(f"28,00{NBSP}€")
    await lezignan.verify()


async def takes(page: Page, *, given: str, cheque: str = "") -> str:
    """« Encaisser » by the keyboard, from the amount on; the receipt's number."""
    if cheque:
        await page.get_by_role("radio", name="Espèces").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("radio", name="Chèque")).to_be_checked()
        await page.get_by_label("Numéro du chèque").fill(cheque)
        await page.get_by_label("Banque", exact=True).fill("Banque postale")
    await page.get_by_label("Reçu de la famille").fill(given)
    await page.keyboard.press("Enter")
    told = page.get_by_role("status").filter(has_text="Reçu ")
    await expect(told).to_be_visible()
    found = re.search(r"Reçu (\S+)", await told.inner_text())
    assert found
    return found[1]


async def test_a_day_at_the_counter(town: MakeTown, visit: Visit) -> None:
    """By keyboard: cash, a cheque, a receipt taken back, the close of the day, the deposit; then the family looks."""
    demo = town("demo", SEPTEMBER)
    address = demo.at(NOVEMBER)
    page = await visit(address, "regie", "/mairie/regie")
    await page.keyboard.type("nguyen")  # the page opens in its search
    await page.keyboard.press("Enter")
    await expect(page.locator("#choix")).to_be_visible()
    invoice = page.get_by_role("checkbox", name="PERI-0498")
    await invoice.focus()
    for said in ("Rien n’est coché", "1 somme cochée"):  # what is due at one till is ticked already
        await page.keyboard.press("Space")
        await expect(page.locator("#total")).to_contain_text(said)
    await page.get_by_label("Reçu de la famille").fill("20")
    await expect(page.locator("#total .change")).to_contain_text(f"1,20{NBSP}€")
    cash = await takes(page, given="20")
    await expect(page.locator(".given")).to_contain_text(f"1,20{NBSP}€")
    paper = await page.get_by_role("link", name="Imprimer le reçu").get_attribute("href") or ""

    async def drawn() -> bytes:
        """The receipt's paper, which a worker draws."""
        while True:
            answer = await page.context.request.get(paper)
            if answer.headers["content-type"] == "application/pdf":
                assert answer.status == 200
                return await answer.body()
            await page.wait_for_timeout(250)

    async with asyncio.timeout(PATIENCE / 1000):
        assert (await drawn()).startswith(b"%PDF")

    await page.goto("/mairie/regie?recherche=moreau")
    await page.get_by_role("checkbox", name="Restaurant scolaire").check()
    cheque = await takes(page, given="27", cheque="0000123")
    await page.goto("/mairie/regie?recherche=moreau")
    await page.get_by_role("checkbox", name="Mercredis loisirs").check()
    wrong = await takes(page, given="18")
    await page.get_by_role("link", name="Voir le reçu").click()
    await page.get_by_label("Motif").fill("Erreur de famille")
    await page.get_by_label("Écrivez CONTRE-PASSER").fill("contre-passer")
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_contain_text("Contre-passé.")

    await page.get_by_role("link", name="Régie", exact=True).first.click()
    for number in (cash, cheque, wrong):
        await expect(page.locator(".takings")).to_contain_text(number)
    await page.get_by_role("link", name="Clôture").click()
    await page.get_by_role("link", name="Régie scolaire").click()
    await page.get_by_label("Fonds de départ").fill("80")
    await page.get_by_label("Ou seulement le total").fill("98,80")
    await page.get_by_role("button", name="Clôturer la journée").click()
    await expect(page.get_by_role("status")).to_contain_text("est clôturée")
    expected = page.locator(".bill").filter(has_text="Attendu en caisse").first
    bill, total = await expected.bounding_box(), await expected.locator(".total .sum").bounding_box()
    assert bill and total and abs(bill["x"] + bill["width"] - total["x"] - total["width"]) < 1

    await page.get_by_role("link", name="Préparer la remise").click()
    await page.get_by_role("checkbox", name="0000123").check()
    await page.get_by_label("Espèces déposées").fill("18,80")
    await page.keyboard.press("Enter")
    await expect(page.locator("#faites + *, .table").first).to_contain_text(f"45,80{NBSP}€")

    linh = await visit(address, "linh.nguyen", "/paiements", **PHONE)
    await fits(linh)
    await linh.get_by_role("link", name=re.compile("guichet", re.I)).first.click()
    await expect(linh.get_by_role("heading", level=1)).to_have_text("Paiement reçu au guichet")
    await expect(linh.locator(".receipt")).to_contain_text(cash)
    await fits(linh)
    async with linh.expect_download() as got:
        await linh.get_by_role("link", name="Reçu (PDF)").click()
    assert (await (await got.value).path()).read_bytes().startswith(b"%PDF")
    await demo.verify()


async def test_a_month_is_invoiced_and_paid_on_a_phone(town: MakeTown, visit: Visit) -> None:
    """Booked in September for October; issued in November by the till; paid by card."""
    demo = town("demo", SEPTEMBER)
    october = "/planning?vue=semaine&debut=2025-10-06"
    odette = await visit(demo.at(SEPTEMBER), "odette.garnier", october, **PHONE)
    for day in ("lundi 6", "mardi 7", "jeudi 9"):
        await odette.get_by_role("checkbox", name=f"Repas des aînés, {day} octobre 2025").click()
    await expect(odette.locator("#panier")).to_contain_text("3 réservations")
    await odette.get_by_role("link", name=re.compile("^Terminer")).click()
    await odette.get_by_role("button", name="Terminer").click()
    await expect(odette.get_by_role("heading", level=1)).to_contain_text("C’est enregistré")
    await odette.context.close()

    address = demo.at(NOVEMBER)
    till = await visit(address, "regie", "/mairie/tableau-de-bord")
    menu = till.get_by_label("Menu de la mairie")
    await menu.locator("summary", has_text="Régie").click()
    await menu.get_by_role("link", name="Facturation").click()
    await till.get_by_label("Régie").select_option(label="Régie scolaire")
    await till.get_by_role("button", name="Préparer les brouillons").click()
    await expect(till.locator("main")).to_contain_text(f"1 brouillon, 22,50{NBSP}€")
    await till.get_by_role("link", name="Passer à l’émission").click()
    await till.get_by_label("Tapez ÉMETTRE").fill("émettre")
    await till.keyboard.press("Enter")
    await expect(till.get_by_role("heading", name=f"1 facture émise, 22,50{NBSP}€")).to_be_visible()
    assert "Repas des aînés\n3 fois" in await till.locator(".bill").first.inner_text()

    odette = await visit(address, "odette.garnier", "/accueil", **PHONE)
    await odette.get_by_label("Menu du bas").get_by_role("link", name="Factures").click()
    await fits(odette)
    await odette.get_by_role("link", name="Voir la facture").click()
    await expect(odette.locator("main")).to_contain_text("Repas des aînés")
    await fits(odette)
    paper = odette.get_by_role("link", name=re.compile("pdf", re.I))
    await until(odette, lambda: paper.first.is_visible())
    await odette.get_by_role("link", name="Payer 22,50").click()
    await odette.get_by_role("button", name="Payer 22,50").click()
    await pays_by_card(odette, "22.50")
    await odette.goto("/factures")
    await expect(odette.locator("main")).to_contain_text("Aucune facture à payer.")
    await demo.verify()


async def test_a_message_with_a_paper_is_answered(town: MakeTown, visit: Visit) -> None:
    """Story L8."""
    now = "2018-08-27T10:00:00"
    address = town("lens", now).at(now)
    claire = await visit(address, "famille15", "/messages", **PHONE)
    await fits(claire)
    await claire.get_by_role("link", name="Envoyer un message").click()
    await claire.get_by_label("Thème").select_option(label="Facturation et paiement")
    await claire.get_by_label("Objet").fill("Facture de mai")
    await claire.get_by_label("Message", exact=False).last.fill("Bonjour,\nje ne comprends pas la facture.")
    paper: FilePayload = {"name": "facture-de-mai.pdf", "mimeType": "application/pdf", "buffer": PDF}
    await claire.get_by_label("Joindre un fichier").set_input_files(paper)
    await fits(claire)
    await claire.get_by_role("button", name="Envoyer").click()
    await expect(claire.get_by_role("heading", level=1)).to_have_text("Facture de mai")
    await expect(claire.locator(".attached")).to_contain_text("facture-de-mai.pdf")
    await fits(claire)

    mairie = await visit(address, "gestion", "/mairie/tableau-de-bord")
    await mairie.get_by_label("Menu de la mairie").get_by_role("link", name="Messages").click()
    await mairie.get_by_role("link", name="Facture de mai").click()
    async with mairie.expect_download() as got:
        await mairie.locator(".attached").click()
    assert (await (await got.value).path()).read_bytes().startswith(b"%PDF")
    await mairie.get_by_label("Réponse à").fill("Bonjour,\nvoici le détail\u00a0: neuf repas à 3,30\u00a0€.")
    await mairie.get_by_role("button", name="Répondre").click()
    await expect(mairie.locator(".said.own")).to_contain_text("pas encore lu")

    await claire.goto("/accueil")
    await expect(claire.locator("main")).to_contain_text("1 réponse non lue")
    await claire.goto("/messages")
    thread = claire.get_by_role("link", name="Facture de mai")
    await expect(thread).to_contain_text("non lu")
    await thread.click()
    await expect(claire.locator(".said").last).to_contain_text("neuf repas à 3,30")
    await fits(claire)
    await mairie.reload()
    await expect(mairie.locator(".said.own")).to_contain_text("lu par la famille")
    await expect(mairie.locator(".said.own")).not_to_contain_text("pas encore lu")
