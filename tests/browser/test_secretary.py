"""A secretary's day, on one portal: a family, its letter, an activity, its days, a closure, an invoice, the till."""

import re

import pytest
from playwright.async_api import Page, expect

from models.rules.money import NBSP
from tests.browser.conftest import PHONE, MakeTown, Visit
from tests.browser.test_first_connection import CODE
from tests.browser.test_money_stories import pays_by_card, takes, until
from tests.browser.test_roll_call import TABLET, tap
from tests.documents import reading
from tests.web.accounts import NEW

pytestmark = pytest.mark.browser

SEPTEMBER, THE_DAY, OCTOBER = "2025-09-22T10:00:00", "2025-09-30T16:35:00", "2025-10-03T09:00:00"
WEEK = "/planning?vue=semaine&debut=2025-09-29"


async def opens(page: Page, place: str) -> None:
    """An entry of the mairie's menu, whose group is opened first."""
    menu = page.get_by_label("Menu de la mairie")
    link = menu.locator(f"a[href='{place}']")
    if not await link.is_visible():
        await menu.locator(f"details:has(> a[href='{place}']) > summary").click()
    await link.click()
    await page.wait_for_url(f"**{place}")


async def makes_the_family(page: Page) -> str:
    """Two children, one enrolled at the canteen; the number of the file."""
    await opens(page, "/mairie/familles")
    await page.get_by_role("link", name="Nouvelle famille").click()
    for name, value in (("prenom", "Nadia"), ("nom", "Roux"), ("courriel", "nadia@roux.example")):
        await page.locator(f"[name=r1_{name}]").fill(value)
    for child, first, born, level in (
        ("e1", "Tom", "2018-03-04", "CE1, École élémentaire Jules-Ferry"),
        ("e2", "Ana", "2021-04-05", "MS, École maternelle Les Lilas"),
    ):
        await page.locator(f"[name={child}_prenom]").fill(first)
        await page.locator(f"[name={child}_nom]").fill("Roux")
        await page.locator(f"[name={child}_naissance]").fill(born)
        await page.locator(f"[name={child}_classe]").select_option(label=level)
    await page.get_by_role("checkbox", name="Restaurant scolaire").first.check()
    await page.get_by_role("button", name="Créer le dossier").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Famille Roux")
    found = re.search(r"VF-\d+", await page.locator("main").inner_text())
    assert found
    return found[0]


async def writes_the_letter(page: Page) -> str:
    """From the file itself; the code that the paper bears."""
    await page.get_by_role("button", name="Courrier de première connexion").click()
    pdf = page.get_by_role("link", name=re.compile("Imprimer le Pdf")).first
    await until(page, pdf.is_visible)
    paper = await page.context.request.get(await pdf.get_attribute("href") or "")
    said = reading.words(await paper.body())
    code = CODE.search(said)
    assert code and "Nadia Roux" in said
    return code[0]


async def offers_a_snack(page: Page) -> None:
    """In the wizard: invoiced, at once, by the parents themselves; then as a parent sees it, and published."""
    await opens(page, "/mairie/activites")
    await page.get_by_role("link", name="Nouvelle activité").click()
    await page.get_by_label("Nom").fill("Goûter du soir")
    go_on = page.get_by_role("button", name="Continuer")
    await page.get_by_role("button", name="Commencer").click()
    await page.get_by_label("Genre").select_option(label="Cantine")
    await page.get_by_label("Paiement").select_option(label="Sur la facture du mois")
    await page.get_by_label("Inscription").select_option(label="Par les parents, aussitôt")
    await go_on.click()
    for label, value in (("Nom du créneau", "Goûter"), ("Début", "16:30"), ("Fin", "17:00")):
        await page.get_by_label(label).first.fill(value)
    await go_on.click()
    await expect(page.locator("main")).to_contain_text("jours ouverts")
    await go_on.click()
    await page.locator("[name=reserver-0-regle]").select_option(label="tant de jours avant")
    await page.locator("[name=reserver-0-days]").fill("1")
    await page.locator("[name=reserver-0-at]").fill("10:00")
    await expect(page.locator("#exemple")).to_contain_text("la veille à 10:00")
    await go_on.click()
    await page.locator("[name=tarif-0-unique]").fill("4,00")
    await go_on.click()
    await expect(page.locator("main")).to_contain_text(f"4,00{NBSP}€")
    await page.get_by_role("button", name="Publier").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Goûter du soir")


async def connects(page: Page) -> None:
    """Three questions, one e-mail, one button."""
    await page.get_by_label("Adresse mail").fill("nadia@roux.example")
    await page.get_by_label("Nom d’utilisateur").fill("nadia.roux")
    await page.get_by_label("Mot de passe").fill(NEW)
    await page.get_by_role("button", name="Créer mon compte").click()
    await page.get_by_role("link", name="lire les e-mails").click()
    link = page.locator("a[href*='/activation/']").first
    await until(page, link.is_visible)
    await link.click()
    await page.get_by_role("button", name="Activer mon compte").click()
    await page.wait_for_url("**/accueil")


async def enrols_and_books(page: Page) -> None:
    """Both children at the snack for two days, invoiced later; Tom at the canteen for one, paid by card at once."""
    await page.goto("/inscriptions")
    for child in ("Tom", "Ana"):
        card = page.get_by_role("region", name=f"{child} Roux")
        await card.locator("summary", has_text="Goûter du soir").click()
        await card.get_by_role("button", name="Inscrire").locator("visible=true").click()
        await expect(card.get_by_role("listitem").filter(has_text="Goûter du soir")).to_contain_text(
            "inscrit"
        )
    await page.goto(WEEK)
    await page.get_by_role("checkbox", name="Repas de midi, jeudi 2 octobre 2025").click()
    for child in ("Tom", "Ana"):
        theirs = page.get_by_role("link", name=child, exact=True).first
        await theirs.click()
        await expect(theirs).to_have_attribute(
            "aria-current", "true"
        )  # the boxes of the other child are gone
        for day in ("lundi 29", "mardi 30"):
            await page.get_by_role("checkbox", name=f"Goûter, {day} septembre 2025").click()
    await expect(page.locator("#panier")).to_contain_text("5 réservations")
    await page.get_by_role("link", name=re.compile("^Terminer")).click()
    await page.get_by_role("button", name="Payer 5,60").click()
    await pays_by_card(page, "5.60")


async def sees_who_comes(page: Page) -> None:
    """The kitchen's list, which is closed since the day before."""
    await opens(page, "/mairie/listes")
    snack = page.get_by_role("region", name="Goûter")
    await expect(snack).to_contain_text("2 attendus")
    await expect(snack).to_contain_text("Liste arrêtée le lundi 29 septembre")
    await expect(snack.get_by_role("row", name="École élémentaire Jules-Ferry")).to_contain_text("CE1 1")


async def calls_the_roll(page: Page) -> None:
    """On a tablet whose network goes and comes back: Tom is there, Ana is not."""
    await page.get_by_label("Services du jour").get_by_role("link", name="Goûter").click()
    await page.context.set_offline(True)
    await tap(page, "Tom Roux", "Présent")
    await tap(page, "Ana Roux", "Absent")
    await expect(page.locator("#envoi")).to_have_text("2 pointages à envoyer")
    await page.context.set_offline(False)
    await expect(page.locator("#envoi")).to_be_hidden()
    await page.reload()
    await expect(page.locator(".roll-row", has_text="Tom")).to_have_attribute("data-state", "present")
    await expect(page.locator(".roll-row", has_text="Ana")).to_have_attribute("data-state", "absent")
    await page.get_by_role("button", name="Clôturer le service").click()
    await expect(page.get_by_text("Service clos")).to_be_visible()


async def closes_a_day(page: Page) -> None:
    """What it gives back is read first, then a word is typed."""
    await opens(page, "/mairie/calendrier")
    await page.locator("a[href='/mairie/calendrier/2025-10-02']").click()
    await page.get_by_label("Motif").fill("Fuite d’eau")
    await page.get_by_role("button", name="Voir ce que cela change").click()
    effect = page.locator("main")
    await expect(effect.get_by_role("heading", level=1)).to_have_text("Ce que cela change")
    await expect(effect).to_contain_text(f"1 réservation, 5,60{NBSP}€ d’avoirs.")
    await expect(effect).to_contain_text("1 famille est prévenue")
    await page.get_by_label("Écrivez FERMER").fill("fermer")
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("status").filter(has_text="C’est fermé pour toute la commune.")
    ).to_be_visible()


async def issues_the_month(page: Page) -> None:
    await opens(page, "/mairie/facturation")
    await page.get_by_label("Régie").select_option(label="Régie scolaire")
    await page.get_by_role("button", name="Préparer les brouillons").click()
    await expect(page.locator("main")).to_contain_text(f"1 brouillon, 16,00{NBSP}€")
    await page.get_by_role("link", name="Passer à l’émission").click()
    await page.get_by_label("Tapez ÉMETTRE").fill("émettre")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"1 facture émise, 16,00{NBSP}€")).to_be_visible()


async def test_a_secretary_s_day(town: MakeTown, visit: Visit, said: list[str]) -> None:
    demo = town("demo", SEPTEMBER)
    address = demo.at(SEPTEMBER)
    desk = await visit(address, "mairie", "/mairie/tableau-de-bord")
    number = await makes_the_family(desk)
    code = await writes_the_letter(desk)
    await offers_a_snack(desk)
    nadia = await visit(address, None, f"/inscrivez-vous?dossier={number}&code={code}", **PHONE)
    await connects(nadia)
    await enrols_and_books(nadia)

    address = demo.at(THE_DAY)
    desk = await visit(address, "mairie", "/mairie/tableau-de-bord")
    await sees_who_comes(desk)
    tablet = await visit(address, "mairie", "/mairie/pointage", **TABLET)
    await calls_the_roll(tablet)
    await tablet.context.close()
    await closes_a_day(desk)
    said.clear()  # the requests that were cut, and the 409 of what has to be read first

    address = demo.at(OCTOBER)
    desk = await visit(address, "mairie", "/mairie/tableau-de-bord")
    await issues_the_month(desk)
    await opens(desk, "/mairie/regie")
    await desk.keyboard.type("roux")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#total")).to_contain_text(
        f"10,40{NBSP}€"
    )  # the closed day's credit is taken off
    receipt = await takes(desk, given="20")
    await expect(desk.locator(".given")).to_contain_text(f"9,60{NBSP}€")
    nadia = await visit(address, None, "/connexion?suite=/notifications", **PHONE)
    await nadia.locator("[name=identifiant]").fill("nadia.roux")
    await nadia.locator("[name=mot_de_passe]").fill(NEW)
    await nadia.get_by_role("button", name="Se connecter").click()
    await expect(nadia.get_by_role("heading", level=1)).to_have_text("Notifications")
    for told in (
        "4 réservations enregistrées",
        "Restaurant scolaire : 1 jour fermé",
        "Votre facture de septembre",
    ):
        await expect(nadia.get_by_role("link", name=re.compile(told.replace(" :", ".:")))).to_be_visible()
    await nadia.goto("/paiements")
    await nadia.get_by_role("link", name=re.compile("guichet", re.I)).first.click()
    await expect(nadia.locator(".receipt")).to_contain_text(receipt)
    await demo.verify()
