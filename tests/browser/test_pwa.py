"""The installed portal: what it needs to be installed, what it shows without network, and to whom."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright, expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import PATIENCE, PHONE, Serve, Visit, sign_in
from tests.browser.worker import STORED, controlled, copies, cut, kept

pytestmark = [pytest.mark.browser, pytest.mark.worker]

NOW = "2026-09-07T08:00:00"
BANNER = re.compile(r"^Hors connexion\. Planning du \d\d/\d\d/\d{4} à \d\d:\d\d\.$")
# A network that never answers, and how long the worker means to wait for it.
SILENT = """() => {
  const later = setTimeout;
  self.waited = [];
  self.setTimeout = (act, delay) => {
    waited.push(delay);
    return later(act, delay);
  };
  self.fetch = () => new Promise(() => {});
}"""
TEXTS = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  return texts.join("\\n");
}"""


async def gone(page: Page, name: str) -> None:
    until = time.monotonic() + PATIENCE / 1000
    while name in await page.evaluate(TEXTS):
        assert time.monotonic() < until, f"{name} is still there: {await page.evaluate(STORED)}"
        await page.wait_for_timeout(100)


async def test_the_portal_can_be_installed(serve: Serve, tmp_path: Path, how: dict[str, Any]) -> None:
    """In a profile of its own: Chromium installs nothing from a private window."""
    address = serve("demo", NOW)
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(tmp_path / "profile", **how)
        page = context.pages[0]
        await page.goto(address)
        await controlled(page)
        devtools = await context.new_cdp_session(page)
        manifest = await devtools.send("Page.getAppManifest")
        assert (manifest["url"], manifest["errors"]) == (f"{address}/manifest.webmanifest", [])
        errors = await devtools.send("Page.getInstallabilityErrors")
        assert errors["installabilityErrors"] == []
        await context.close()


async def test_the_last_planning_is_read_without_network(serve: Serve, visit: Visit, said: list[str]) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil", **PHONE)
    await controlled(page)
    await kept(page, "/planning?modifier=1")
    title = await page.title()
    await cut(page, said)
    await page.goto("/planning?modifier=1")
    await expect(page.locator(".unplugged")).to_have_text(BANNER)
    assert await page.title() == title
    # Drawn and alive: its style and its scripts come from the store.
    assert await page.evaluate("getComputedStyle(document.querySelector('.unplugged')).textAlign") == "center"
    assert await page.evaluate("typeof portail.busy") == "function"
    assert await page.evaluate("document.querySelector('.tabbar use').getBBox().width") > 0
    assert [text for text in said if "ERR_INTERNET_DISCONNECTED" not in text] == []
    await cut(page, said, off=False)
    await page.goto("/planning")
    await expect(page.locator(".unplugged")).to_have_count(0)


async def test_any_other_page_says_that_it_needs_the_network(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil", **PHONE)
    await controlled(page)
    await kept(page, "/planning")
    await cut(page, said)
    await page.goto("/planning/recapitulatif")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes hors connexion.")
    await expect(page.get_by_text("Cette page a besoin d’Internet.")).to_be_visible()
    assert page.url.endswith("/planning/recapitulatif")
    await page.get_by_role("link", name=re.compile("^Planning de ")).click()
    await expect(page.locator(".unplugged")).to_have_text(BANNER)
    said.clear()


async def test_a_network_that_does_not_answer_is_waited_for_three_seconds(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    await kept(page, "/planning")
    assert await page.locator(".unplugged").count() == 0
    [worker] = page.context.service_workers
    await worker.evaluate(SILENT)
    before = time.monotonic()
    await page.goto("/planning")
    await expect(page.locator(".unplugged")).to_have_text(BANNER)
    assert time.monotonic() - before >= 3
    assert set(await worker.evaluate("waited")) == {3000}, "and no longer"


async def test_signing_out_leaves_nothing_to_read(serve: Serve, visit: Visit, said: list[str]) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    await kept(page, "/planning")
    name = await page.locator(".kid b").first.inner_text()
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url("**/")
    await controlled(page)
    assert await copies(page) == []
    assert name not in await page.evaluate(TEXTS)
    await cut(page, said)
    for path in ("/planning", "/accueil"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes hors connexion.")
        assert name not in await page.content()
    said.clear()


async def test_another_family_never_reads_the_first_ones_page(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    """Without signing out: the first session ends (its cookie goes), somebody else signs in."""
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    await kept(page, "/planning")
    names = await page.locator(".kid b").all_inner_texts()
    await page.context.clear_cookies()
    await sign_in(page, "karim.petit")
    await kept(page, "/accueil")
    await cut(page, said)
    read = ""
    for path in ("/planning", "/accueil", "/planning/recapitulatif"):
        await page.goto(path)
        read += await page.content()
    read += await page.evaluate(TEXTS)
    assert names and not [name for name in names if name in read]
    said.clear()


async def test_another_account_without_any_page_between_takes_the_copies_away(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    """Karim's session simply takes the place of Camille's."""
    address = serve("demo", NOW)
    karim = await visit(address, "karim.petit", "/accueil")
    page = await visit(address, "camille.durand", "/accueil")
    await controlled(page)
    await kept(page, "/planning")
    await page.context.add_cookies(await karim.context.cookies())  # type: ignore[arg-type]
    await page.goto("/accueil")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Karim")
    await gone(page, "Lina")
    await cut(page, said)
    await page.goto("/planning")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes hors connexion.")
    said.clear()


def refused(message: ConsoleMessage) -> bool:
    return "403" in message.text


async def test_signing_in_takes_the_copies_away_before_the_portal_answers(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    """The form was left open in another tab: whatever it brings, the copies are gone."""
    page = await visit(serve("demo", NOW), None, "/connexion")
    await controlled(page)
    other = await page.context.new_page()
    await sign_in(other, "camille.durand")
    await kept(other, "/planning")
    [worker] = page.context.service_workers
    await worker.evaluate("() => { self.fetch = () => new Promise(() => {}); }")
    await page.locator("form.sign input:not([type=hidden])").first.fill("karim.petit")
    await page.locator("form.sign input[type=password]").fill(DEMO_PASSWORD)
    async with page.expect_response("**/connexion") as answer, page.expect_console_message(refused):
        await page.get_by_role("button", name="Se connecter").click(no_wait_after=True)
    assert (await answer.value).status == 403, "that form's token is no longer good"
    await gone(other, "Lina")
    await page.wait_for_load_state()
    said.clear()


async def test_an_answer_that_comes_after_signing_out_is_not_kept(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    [worker] = page.context.service_workers
    await worker.evaluate(
        """async () => {
          const answer = () => new Response("<title>Tard</title>", {
            headers: { "Content-Type": "text/html", "Portail-Compte": "somebody" } });
          const asked = era;
          await purge();
          await learn(answer(), new URL("/planning", location), asked);
        }"""
    )
    assert "/planning" not in await copies(page)
    await worker.evaluate(
        """async () => {
          let end;
          const slow = new ReadableStream({ start: (stream) => { end = () => stream.close(); } });
          const headers = { "Content-Type": "text/html", "Portail-Compte": "somebody" };
          const learning = learn(new Response(slow, { headers }), new URL("/planning", location), era);
          await new Promise((resolve) => setTimeout(resolve, 100));
          await purge();
          end();
          await learning;
        }"""
    )
    assert await copies(page) == []
    said.clear()


async def test_copies_are_few_and_young(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    [worker] = page.context.service_workers
    found: dict[str, Any] = await worker.evaluate(
        """async () => {
          const answer = () => new Response("<title>x</title>", { headers: { "Content-Type": "text/html" } });
          for (let n = 0; n < 50; n++) await keep("pages-x", `${location.origin}/planning?debut=${n}`, answer());
          const few = (await (await caches.open("pages-x")).keys()).map(({ url }) => url.split("=")[1]);
          const then = Date.now;
          Date.now = () => then() + 3 * 24 * 3600 * 1000 + 1000;
          const old = await copies();
          Date.now = then;
          return { few, old: old.length };
        }"""
    )
    assert found == {"few": [str(n) for n in range(10, 50)], "old": 0}


async def test_only_the_pages_that_are_named_are_kept(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    for path in ("/planning/recapitulatif", "/inscriptions/paiement-immediat", "/installer"):
        await page.goto(path)
    await kept(page, "/accueil?source=pwa")
    assert set(await copies(page)) <= {"/accueil", "/planning"}
    assert await page.evaluate("caches.match('/accueil').then(Boolean)"), "whatever opened it"


async def test_what_a_copy_is_drawn_with_outlives_a_new_version(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    [worker] = page.context.service_workers
    left = await worker.evaluate(
        """async () => {
          const store = await caches.open(STORE);
          for (const name of ["drawn.css", "gone.css"]) await store.put(`/static/${name}`, new Response("a{}"));
          const copy = new Response('<link href="/static/drawn.css">', { headers: { "Portail-Copie": Date.now() } });
          await (await caches.open("pages-x")).put("/planning", copy);
          await sweep();
          return Promise.all(["drawn", "gone"].map((n) => store.match(`/static/${n}.css`).then(Boolean)));
        }"""
    )
    assert left == [True, False]
