"""axe-core on every page, light and dark, and on what an action has just renewed."""

import re
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from starlette.routing import Route

from tests.browser.conftest import PHONE
from tests.browser.every_page import AXE, DESKTOP, QUARTERS, faults, report, violations
from tests.browser.walk import signed_in
from tests.tour import Tour, tour
from tests.tour_town import RECAP, STAFF
from web.app import routes

pytestmark = pytest.mark.browser

DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
SWAPPER, LATER = "camille.durand", "2025-10-13"

# What is asked for by GET and is no page of its own.
FILES = ("/static/{name}", "/theme.css", "/manifest.webmanifest", "/icone/{key}/{name}", "/logo/{name}", "/favicon.ico",
         "/sw.js", "/apple-touch-icon.png", "/sante", "/mairie/prelevements/lots/{id:int}/fichier",
         "/mairie/familles/fichiers/{id:int}/erreurs", "/mairie/imports/{sorte}/{id:int}/lignes-refusees",
         "/mairie/statistiques/{tableau}/{format}", "/documents/{id:int}", "/menus/menus-collectifs.csv",
         "/mairie/documents/{id:int}/fichier")  # fmt: skip
PARTS = (
    "/planning/semaines",
    "/session/fin",
    "/planning/case",
    "/planning/panier",
    "/planning/direct",
    "/planning/direct/jours",
    "/paiement/{id:int}/etat",
    "/factures/selection",
    "/messages/themes",
    "/mairie/facturation/{id:int}/avancement",
    "/mairie/attestations/ensemble/{id:int}/avancement",
    "/mairie/regie/total",
    "/mairie/pointage/etat",
    "/mairie/messages/envois/apercu",
    "/mairie/messages/envois/{id:int}/avancement",
    "/mairie/classes-absentes/nouvelle/apercu",
    "/mairie/classes-absentes/{id:int}/avancement",
    "/mairie/reglages/couleur",
    "/mairie/familles/nouvelle/connus",
)
PAPERS = (
    "/compte/donnees/{id:int}/fichier",
    "/dossier/pieces/envoyees/{id:int}",
    "/mairie/demandes/{id:int}/justificatif",
    "/mairie/familles/{id:int}/pieces/{piece:int}",
    "/messages/{id:int}/pieces/{piece:int}",
    "/mairie/messages/{id:int}/pieces/{piece:int}",
    "/dossier/documents/{id:int}",
    "/aide/guide/pdf",
    "/reglement/pdf",
    "/calendrier/{jeton}.ics",
    "/factures/{id:int}/pdf",
    "/mairie/facturation/{id:int}/lettres",
    "/mairie/factures/{id:int}/pdf",
    "/mairie/factures/avoirs/{id:int}/pdf",
    "/factures/attestations/{id:int}/pdf",
    "/mairie/attestations/{id:int}/pdf",
    "/mairie/attestations/ensemble/{id:int}/pdf",
    "/paiement/{id:int}/recu",
    "/mairie/regie/recus/{id:int}/pdf",
    "/mairie/regie/remises/{id:int}/pdf",
    "/mairie/regie/relances/{id:int}/pdf",
    "/mairie/comptes/courriers/{id:int}/pdf",
    "/factures/prelevements/{id:int}/mandat",
    "/mairie/prelevements/mandats/{id:int}/pdf",
    "/mairie/regie/decharges/{id:int}",
)
WAYS_OUT = (
    "/paiement/{id:int}/banque",
    "/banque/{code}/notification",
)  # to a bank; see test_real_banks; from it
WAYS_BACK = (
    "/mairie",
    "/inscription",
    "/compte/adresse",
    "/compte/mot-de-passe",
    "/mairie/compte/mot-de-passe",
    "/connexion/cle",
    "/compte/cles/creation",
    "/mairie/compte/cles/creation",
    "/notifications/{id:int}",
    "/mairie/compte/double-authentification/codes",
    "/mairie/compte/double-authentification/retrait",
    "/connexion/code",  # to signing in, where no password was typed before it; a demo asks nobody
)  # they lead to another page
NO_PAGES = (*FILES, *PARTS, *PAPERS, *WAYS_OUT, *WAYS_BACK)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Tour]:
    with tour(tmp_path_factory.mktemp("tour"), sqlite_template) as ready:
        yield ready


async def test_every_page_is_in_the_tour(town: Tour) -> None:
    """What is asked for by GET and is drawn whole."""
    seen = {stop.path.partition("?")[0] for stop in town.stops}
    missing = [
        route.path
        for route in routes()
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path not in NO_PAGES
        if not any(route.path_regex.match(path) for path in seen)
    ]
    assert missing == [], "give it a line in _stops of tests/tour.py, or say in NO_PAGES what it is"


@QUARTERS
async def test_no_page_has_a_violation_on_a_phone(town: Tour, chromium: Browser, part: int) -> None:
    """Nor scrolls sideways, nor cuts large letters. A desktop is looked at in test_reflow.py, at the same time."""
    found = await faults(chromium, town, part, PHONE)
    assert found == [], report(found)


@DEVICES
async def test_what_an_action_renews_has_none(town: Tour, chromium: Browser, device: dict[str, Any]) -> None:
    found: list[str] = []
    async with signed_in(chromium, town, SWAPPER, **device) as context:
        await context.add_init_script(path=AXE)
        page = await context.new_page()
        await page.goto(f"/planning?debut={LATER}&modifier=1")
        meal = page.get_by_role("checkbox", name="Repas de midi, lundi 13 octobre 2025")
        before = await meal.is_checked()
        await answered(page, meal.click(), "/planning/operations")
        await expect(meal).to_be_checked(checked=not before)
        found += await violations(page, "a tick")
        whole = page.get_by_role(
            "checkbox",
            name=re.compile("^Toute? la semaine, Accueil du matin|^Tout le mois, Accueil du matin"),
        )
        await answered(page, whole.click(), "/planning/operations")
        found += await violations(page, "a row ticked")
        await answered(page, page.locator("#panier").click(), "/planning/panier")
        found += await violations(page, "the lines of the cart")
        await page.keyboard.press("Escape")
        await page.locator("a[rel=next]").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(
            re.compile("20 .*octobre|novembre")
        )
        found += await violations(page, "the next period")
        await page.goto(RECAP)
        lines = page.get_by_role("button", name="Retirer")
        count = await lines.count()
        await answered(page, lines.first.click(), "/suppression")
        await expect(lines).to_have_count(count - 1)
        found += await violations(page, "a line of the recap removed")
        await page.get_by_role("button", name="Tout supprimer").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        found += await violations(page, "delete everything? as a dialog")
    assert found == [], report(found)


@DEVICES
async def test_a_request_that_is_answered_has_none(
    town: Tour, chromium: Browser, device: dict[str, Any]
) -> None:
    async with signed_in(chromium, town, STAFF, **device) as context:
        await context.add_init_script(path=AXE)
        page = await context.new_page()
        await page.goto("/mairie/demandes")
        await page.locator(".refuse > summary").last.click()
        found = await violations(page, "a refusal being written")
        await page.get_by_label("Motif").last.fill("Sortie scolaire")
        await answered(page, page.get_by_role("button", name="Refuser la demande").last.click(), "/refus")
        found += await violations(page, "a request refused")
    assert found == [], report(found)


async def answered(page: Page, action: Coroutine[Any, Any, None], path: str) -> None:
    """Do it, and wait until its answer is on the page."""
    async with page.expect_response(lambda answer: path in answer.url):
        await action
    await expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
