"""Ticks that were not sent: every page of their account sends them, no other account ever does."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.async_api import Locator, Page, expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import Serve, Visit
from tests.browser.every_page import AXE, violations
from tests.browser.test_planning import MEAL, MONDAY, SEPTEMBER, box, stored
from tests.browser.worker import controlled, copies, kept

pytestmark = pytest.mark.browser

OPERATIONS = "**/planning/operations"
RECAP = "/planning/recapitulatif"
DAYS = ("lundi 3", "mardi 4", "jeudi 6")
UNSENT = "3 modifications à envoyer"


@pytest.fixture
def lens(serve: Serve) -> str:
    return serve("lens", MONDAY)


# Beneath the worker, whose requests a route of Playwright may miss, and beneath what a closing page still sends.
CUT = """(() => {
  const real = window.fetch;
  const lost = (where) => localStorage.cut && String(where).includes("/planning/operations");
  window.fetch = (where, ...more) => (lost(where) ? Promise.reject(new TypeError("cut")) : real(where, ...more));
})()"""


async def cut(page: Page) -> None:
    """The network is gone, for what ticks send; in all tabs."""
    await page.context.add_init_script(CUT)
    await page.evaluate(CUT)
    await page.evaluate("localStorage.cut = 1")


async def mend(page: Page) -> None:
    await page.evaluate("localStorage.removeItem('cut')")


async def unsent(visit: Visit, address: str, username: str = "famille15", **device: Any) -> Page:
    """Three ticks, and no network."""
    page = await visit(address, username, SEPTEMBER, **device)
    await cut(page)
    for day in DAYS:
        await box(page, "ACM du Soir", day).click()
    await expect(page.locator("#envoi")).to_have_text(UNSENT)
    return page


async def sign_in(page: Page, username: str) -> None:
    await page.locator("form.sign input:not([type=hidden])").first.fill(username)
    await page.locator("form.sign input[type=password]").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()


def end_sessions(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "portail.sqlite3")) as database, database:
        database.execute("UPDATE session SET revoked = 1")


def headline(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize("path", ["/accueil", RECAP, "/compte", "/absences/nouvelle", "/planning"])
async def test_every_page_of_a_parent_sends_them(lens: str, visit: Visit, said: list[str], path: str) -> None:
    page = await unsent(visit, lens)
    await page.goto(path)
    await expect(page.locator("#envoi")).to_have_text(UNSENT)
    async with page.expect_response(OPERATIONS) as answer:
        await mend(page)
    assert (await answer.value).status == 200
    await expect(page.locator("#envoi")).to_be_hidden()
    if path == "/accueil":
        await expect(page.locator("main")).to_contain_text("3 modifications non terminées")
        await expect(page.locator("#annonce")).to_have_text("C’est envoyé\u00a0: 3 modifications.")
    if path == RECAP:
        await expect(page.get_by_role("button", name="Payer 4,50")).to_be_visible()
    if path == "/planning":
        await expect(page.locator("#panier")).to_contain_text("3 réservations en attente")
    assert await stored(page) == 3
    said.clear()  # the requests that were cut


async def test_the_recap_is_not_validated_without_them(lens: str, visit: Visit, said: list[str]) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, MEAL, "lundi 3").click()
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    await cut(page)
    await box(page, "ACM du Soir", "lundi 3").click()
    await expect(page.locator("#envoi")).to_have_text("1 modification à envoyer")
    await page.goto(RECAP)
    await expect(page.locator("#envoi")).to_have_text("1 modification à envoyer")
    await page.get_by_role("button", name="Payer 3,40").click()
    await expect(page.locator("#alerte")).to_contain_text("Connectez-vous à Internet pour terminer")
    assert page.url == lens + RECAP
    await mend(page)
    await expect(page.get_by_role("button", name="Payer 4,90")).to_be_visible()
    said.clear()


async def test_a_lost_session_is_asked_for_and_the_ticks_go_after_it(
    lens: str, visit: Visit, tmp_path: Path, said: list[str]
) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    end_sessions(tmp_path / "lens")
    tick = box(page, "ACM du Soir", "lundi 3")
    await tick.press("Space")
    dialog = page.get_by_role("dialog", name="Vous avez été déconnecté(e).")
    await expect(dialog).to_contain_text("Reconnectez-vous\u00a0: vos modifications sont conservées.")
    await expect(dialog.get_by_role("link", name="Se connecter")).to_be_focused()
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    assert await violations(page, "signed out") == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(tick).to_be_focused()
    await expect(tick).to_be_checked()
    await expect(page.locator("#envoi")).to_have_text("1 modification à envoyer")
    await box(page, "ACM du Soir", "mardi 4").press("Space")
    await dialog.get_by_role("link", name="Se connecter").click()
    await sign_in(page, "famille15")
    await expect(page).to_have_url(lens + SEPTEMBER)
    await expect(page.locator("#panier")).to_contain_text("2 réservations en attente")
    await expect(tick).to_be_checked()
    assert await stored(page) == 2
    said.clear()  # 401


@pytest.mark.worker
async def test_another_account_never_sends_them_nor_takes_them_away(
    serve: Serve, visit: Visit, tmp_path: Path, said: list[str]
) -> None:
    page = await visit(serve("demo", "2026-09-07T08:00:00"), "camille.durand", "/planning?modifier=1")
    await cut(page)
    free = page.locator('.month [data-s="free"] .see:not([aria-disabled])')
    ids = [await free.nth(n).get_attribute("id") for n in range(3)]
    for one in ids:
        await page.locator(f"#{one}").click()
    await expect(page.locator("#envoi")).to_have_text(UNSENT)
    end_sessions(tmp_path / "demo")
    await page.goto("/connexion?suite=/planning")
    await mend(page)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if "/operations" in one.url else None)
    await sign_in(page, "karim.petit")
    await expect(headline(page)).to_be_visible()
    await page.goto("/accueil")
    await page.wait_for_timeout(600)
    await controlled(page)
    await kept(page, "/planning")
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url("**/")
    assert sent == []
    await controlled(page)
    assert await copies(page) == [], "the browser keeps ticks, never a page"
    await page.goto("/connexion?suite=/planning")
    await sign_in(page, "camille.durand")
    await expect(page.locator("#panier")).to_contain_text("3 réservations en attente")
    ops = [op for body in sent for op in parse_qs(body)["op"]]  # one batch or two: how quick was the hand?
    assert sorted(ops) == sorted(f"{str(one)[3:]}:1" for one in ids), "each once"
    said.clear()


async def test_signed_in_again_elsewhere_the_ticks_go_from_the_new_page(
    lens: str, visit: Visit, tmp_path: Path, said: list[str]
) -> None:
    """This page's token is of a session that has ended; another tab has a new one."""
    page = await visit(lens, "famille15", SEPTEMBER)
    end_sessions(tmp_path / "lens")
    other = await page.context.new_page()
    await other.goto("/connexion")
    await sign_in(other, "famille15")
    await other.wait_for_url("**/accueil")
    await box(page, "ACM du Soir", "lundi 3").click()
    await page.get_by_role("link", name="Se connecter").click()
    await expect(page).to_have_url(lens + SEPTEMBER)
    await expect(page.locator("#panier")).to_contain_text("1 réservation en attente")
    said.clear()  # 403


async def test_signing_out_sends_them_first(lens: str, visit: Visit, said: list[str]) -> None:
    page = await unsent(visit, lens)
    await page.get_by_role("button", name="Se déconnecter").click()
    await expect(page.locator("#alerte")).to_contain_text("Vos coches ne sont pas encore envoyées")
    assert "/planning" in page.url
    await mend(page)
    await expect(page.locator("#cost")).to_have_text("4,50\u00a0€")
    await box(page, "ACM du Soir", "vendredi 7").click()
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url("**/")
    await page.goto(f"/connexion?suite={SEPTEMBER.replace('&', '%26')}")
    await sign_in(page, "famille15")
    await expect(page.locator("#panier")).to_contain_text("4 réservations en attente")
    said.clear()


async def test_signing_out_twice_leaves_them_behind(lens: str, visit: Visit, said: list[str]) -> None:
    """They were warned: on somebody else's computer nothing stays."""
    page = await unsent(visit, lens)
    await page.get_by_role("button", name="Se déconnecter").click()
    warning = page.get_by_text("vous les perdez si vous vous déconnectez.")
    await expect(warning).to_be_visible()
    await page.wait_for_timeout(2500)  # it is tried again meanwhile
    await expect(warning).to_be_visible()
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url("**/")
    assert (
        await page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('ticks')).length")
        == 0
    )
    said.clear()


PATIENT = """(() => {
  window.asked = [];
  if (window.SyncManager) SyncManager.prototype.register = async (tag) => { asked.push(tag); };
  const later = setTimeout;
  window.setTimeout = (what, delay, ...more) => later(what, delay === 2000 ? 60_000 : delay, ...more);
})()"""


@pytest.mark.worker
@pytest.mark.parametrize("path", [SEPTEMBER, "/accueil"])
async def test_the_browser_wakes_an_open_page_when_the_network_is_back(
    lens: str, visit: Visit, said: list[str], path: str
) -> None:
    """Background Sync: asked once, whatever fails meanwhile. The page sends; here its own patience is a minute."""
    page = await visit(lens, "famille15", "/accueil")
    await controlled(page)
    await page.add_init_script(PATIENT)
    await page.goto(SEPTEMBER)
    await cut(page)
    for day in DAYS:
        await box(page, "ACM du Soir", day).click()
        await page.wait_for_timeout(300)
    await expect(page.locator("#envoi")).to_have_text(UNSENT)
    assert await page.evaluate("asked") == ["ticks"]
    if path != SEPTEMBER:
        await page.goto(path)
        await expect(page.locator("#envoi")).to_have_text(UNSENT)
    await mend(page)
    await page.wait_for_timeout(500)
    await expect(page.locator("#envoi")).to_have_text(UNSENT)
    devtools = await page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    await devtools.send("ServiceWorker.enable")
    while not found:
        await page.wait_for_timeout(50)
    await devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": lens, "registrationId": found[0], "tag": "ticks", "lastChance": False},
    )
    await expect(page.locator("#envoi")).to_be_hidden()
    assert await stored(page) == 3
    said.clear()


async def test_the_recap_is_not_drawn_again_under_an_open_dialog(
    lens: str, visit: Visit, said: list[str]
) -> None:
    page = await visit(lens, "famille15", SEPTEMBER)
    await box(page, MEAL, "lundi 3").click()
    await expect(page.locator("#cost")).to_have_text("3,40\u00a0€")
    await cut(page)
    await box(page, MEAL, "mardi 4").click()
    await expect(page.locator("#envoi")).to_be_visible()
    await page.goto(RECAP)
    await page.get_by_role("button", name="Tout supprimer").click()
    async with page.expect_response(OPERATIONS):
        await mend(page)
    await page.wait_for_timeout(800)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button", name="Effacer").click()
    await expect(page.get_by_role("button", name="Payer 6,80")).to_be_visible()
    assert await stored(page) == 2, "what was not shown is not erased"
    said.clear()
