"""The worker beside the copies: installing, what is never kept, the sync, a new version."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.worker import STORED, controlled, cut, kept
from tests.serving import environment
from tests.tools import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.worker]

NOW = "2026-09-07T08:00:00"

PROMPT = """(outcome) => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = () => {};
  event.userChoice = Promise.resolve({ outcome });
  dispatchEvent(event);
  return event.defaultPrevented;
}"""


async def test_the_button_that_installs_is_shown_until_refused_twice(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil", **PHONE)
    button = page.get_by_role("button", name="Installer l’application")
    await expect(button).to_be_hidden()
    for _ in range(2):
        await page.goto("/accueil")
        assert await page.evaluate(PROMPT, "dismissed")
        await button.click()
        await expect(button).to_be_hidden()
    await page.goto("/accueil")
    assert await page.evaluate(PROMPT, "dismissed")
    await expect(button).to_be_hidden()
    await expect(page.get_by_role("link", name="Le portail sur votre écran d’accueil")).to_be_visible()


async def test_what_comes_later_offers_to_install_too(serve: Serve, visit: Visit) -> None:
    """The ticket of a first booking is drawn when the bank has answered."""
    page = await visit(serve("demo", NOW), "camille.durand", "/planning", **PHONE)
    assert await page.evaluate(PROMPT, "dismissed")
    await page.evaluate(
        """() => {
          const late = '<button data-install hidden>Installer</button>';
          document.querySelector("main").insertAdjacentHTML("beforeend", late);
          document.dispatchEvent(new Event("htmx:after:swap"));
        }"""
    )
    await expect(page.get_by_role("button", name="Installer")).to_be_visible()


async def test_nothing_of_the_mairie_is_ever_kept(serve: Serve, visit: Visit, said: list[str]) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    await kept(page, "/planning")
    await page.context.clear_cookies()
    await page.goto("/connexion")
    await page.locator("form.sign input:not([type=hidden])").first.fill("mairie")
    await page.locator("form.sign input[type=password]").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url("**/mairie/tableau-de-bord")
    await page.goto("/mairie/liste-attente")
    stored = await page.evaluate(STORED)
    assert not [line for line in stored if line.startswith("pages ") or " /mairie" in line]
    await cut(page, said)
    await page.goto("/mairie/demandes")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes hors connexion.")
    said.clear()


async def test_style_and_scripts_come_from_the_store(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    fetched: list[str] = []  # but not the sprite: a page draws it again from memory
    page.on("response", lambda answer: None if answer.from_service_worker else fetched.append(answer.url))
    await page.goto("/planning")
    assert [url for url in fetched if url.endswith((".css", ".js")) or "/theme.css" in url] == []


async def test_ticks_and_fragments_go_to_the_network_untouched(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    answers: list[bool] = []
    page.on("response", lambda answer: answers.append(answer.from_service_worker))
    kept = await page.evaluate(
        """async () => {
          const part = "/planning?vue=semaine";
          await (await fetch(part, { headers: { "HX-Request": "true" } })).text();
          await fetch("/planning/operations", { method: "POST" });
          await new Promise((resolve) => setTimeout(resolve, 300));
          return Boolean(await caches.match(part));
        }"""
    )
    assert answers == [False, False] and not kept
    said.clear()  # the form without its token was refused


async def test_a_sync_tells_the_open_pages_to_send(serve: Serve, visit: Visit) -> None:
    page = await visit(serve("demo", NOW), "camille.durand", "/accueil")
    await controlled(page)
    await page.evaluate(
        """() => {
          window.heard = new Promise((resolve) => {
            navigator.serviceWorker.onmessage = ({ data }) => resolve(data.type);
          });
        }"""
    )
    [worker] = page.context.service_workers
    await worker.evaluate("() => flush()")
    assert await page.evaluate("heard") == "flush"


@contextmanager
def running(code: Path, data: Path, port: str = "0") -> Iterator[str]:
    """The address of a portal of this very code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "web", "--demo", "demo", "--port", port],
        cwd=code,
        env=environment(data, PORTAIL_NOW=NOW),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
    finally:
        process.terminate()
        process.communicate(timeout=60)


async def test_a_new_version_offers_itself_and_waits(visit: Visit, tmp_path: Path, said: list[str]) -> None:
    code, data = tmp_path / "code", tmp_path / "data"
    for name in ("web", "models", "jobs", "static", "pwa"):
        shutil.copytree(ROOT / name, code / name)
    data.mkdir()
    worker = code / "pwa" / "worker.js"
    hasty = worker.read_text()
    patient = hasty.replace("const PATIENCE = 3000;", "const PATIENCE = 60_000;")
    assert patient != hasty  # on a slow machine the copy would be shown again, which is another test's matter
    worker.write_text(patient)
    with running(code, data) as address:
        page = await visit(address, "camille.durand", "/planning?modifier=1")
        await controlled(page)
        await kept(page, "/planning?modifier=1")
    with (code / "static" / "reveal.js").open("a") as script:
        script.write("window.another = 1;\n")
    with running(code, data, address.rpartition(":")[2]):
        # The last ticks are not sent yet: not a word.
        await page.evaluate("portail.busy = () => true")
        await page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        await page.wait_for_function(
            "() => navigator.serviceWorker.getRegistration().then((found) => found.waiting !== null)"
        )
        await page.wait_for_timeout(1200)
        await expect(page.locator(".renew")).to_have_count(0)
        await page.evaluate("portail.busy = () => false")
        await expect(page.locator(".renew")).to_contain_text("Une nouvelle version est prête.")
        await page.evaluate("window.before = true")
        await page.get_by_role("button", name="Actualiser").click()
        await page.wait_for_function("() => !window.before && document.readyState === 'complete'")
        await expect(page.locator(".renew")).to_have_count(0)
        assert await page.evaluate("window.another") == 1, "the new version's script runs"
    assert {text for text in said if "ERR_CONNECTION_REFUSED" not in text} == set()
    said.clear()  # between the two versions no portal answered the open planning


@pytest.mark.parametrize("path", ["/hors-connexion", "/installer"])
async def test_the_pages_around_it_fit_a_small_phone(serve: Serve, visit: Visit, path: str) -> None:
    page = await visit(serve("demo", NOW), None, path, viewport={"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
