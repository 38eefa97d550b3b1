"""A portal served for real, and Chromium on it: whatever a page says on its console fails the test."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from models.access.passwords import DEMO_PASSWORD
from tests.portal import hidden
from tests.serving import environment, prepare, served
from tests.tools import ROOT
from tests.tools import chromium as chromium_program

PATIENCE = 90_000  # milliseconds: what is true comes at once, but on a machine that is busy
expect.set_options(timeout=PATIENCE)
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

# What Playwright itself sets: only the last `--blink-settings` counts, and without these no page has a mouse.
MOUSE = "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
FONTS = Path(__file__).with_name("fonts")
FACES = {"wide": "DejaVu Sans", "narrow": "Roboto"}  # most phones have something between these two


class Town:
    """A portal that is served, and that goes on in the same folder at another moment."""

    def __init__(self, folder: Path, stack: ExitStack, commune: str) -> None:
        self._folder, self._stack, self._commune = folder, stack, commune

    def at(self, now: str) -> str:
        """Serve it from this moment on; its address."""
        self._stack.close()
        words = ("--demo", self._commune)
        _, address = self._stack.enter_context(served(self._folder, *words, PORTAIL_NOW=now))
        return address

    async def verify(self) -> None:
        """As the mairie's technician asks for it, once nothing is served any more."""
        self._stack.close()
        command = [sys.executable, "-m", "models", "verify"]
        known = environment(self._folder, DATABASE_URL=f"sqlite://{self._folder}/portail.sqlite3")
        said = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=known, capture_output=True, text=True, check=False
        )
        assert "Tout est juste." in said.stdout, said.stdout + said.stderr


Serve = Callable[..., str]
MakeTown = Callable[[str, str], Town]
Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
def serve(tmp_path: Path, store: Path, sqlite_template: Path) -> Iterator[Serve]:
    """`serve("lens", "2018-08-27T10:00:00")`: the address of a portal of its own, as after its first start."""
    with ExitStack() as stack:

        def start(commune: str, now: str) -> str:
            folder = tmp_path / commune
            prepare(store, sqlite_template, folder, "--demo", commune, PORTAIL_NOW=now)
            _, address = stack.enter_context(served(folder, "--demo", commune, PORTAIL_NOW=now))
            return address

        yield start


@pytest.fixture
def town(store: Path, sqlite_template: Path, tmp_path: Path) -> Iterator[MakeTown]:
    """`town("lens", "2018-08-27T10:00:00")`: as after its first start at that moment; not served yet."""
    with ExitStack() as stack:

        def made(commune: str, now: str) -> Town:
            prepare(store, sqlite_template, tmp_path, "--demo", commune, PORTAIL_NOW=now)
            return Town(tmp_path, stack, commune)

        yield made


@pytest.fixture
def face() -> str:
    """The one face that the browser finds: « wide » or « narrow », a file of `fonts`. Parametrize it for the other."""
    return "wide"


@pytest.fixture
def how(face: str) -> dict[str, Any]:
    """How Chromium is started."""
    program = chromium_program()
    if program is None:
        pytest.fail("Chromium is missing: `apt-get install chromium-headless-shell`.")
    return {
        "executable_path": program,
        "args": ["--no-sandbox", "--disable-gpu", f"--blink-settings={MOUSE}"],
        "env": {**os.environ, "PYTEST_CURRENT_TEST": "", "FONTCONFIG_FILE": str(FONTS / f"{face}.conf")},
    }


@pytest.fixture(scope="session")
async def launch() -> AsyncIterator[Callable[[dict[str, Any]], Awaitable[Browser]]]:
    """One Chromium for all tests that want it started the same way; each visit is a context of its own."""
    running: dict[str, Browser] = {}
    async with async_playwright() as playwright:

        async def started(how: dict[str, Any]) -> Browser:
            key = repr(sorted(how.items()))
            if key not in running or not running[key].is_connected():
                running[key] = await playwright.chromium.launch(**how)
            return running[key]

        yield started
        for browser in running.values():
            await browser.close()


@pytest.fixture
async def chromium(how: dict[str, Any], launch: Callable[[dict[str, Any]], Awaitable[Browser]]) -> Browser:
    return await launch(how)


@pytest.fixture
def said() -> list[str]:
    """What the pages' consoles complained of; a test that means it clears it."""
    return []


@pytest.fixture
async def visit(chromium: Browser, said: list[str], request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """`await visit(address, "famille15", "/planning", **PHONE)`: a page of a new browser, signed in.

    Only a module that is marked `worker` has the service worker: what it takes over, a test cannot always cut.
    """
    opened: list[BrowserContext] = []
    worker = "allow" if request.node.get_closest_marker("worker") else "block"

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Service Worker registration blocked" not in message.text:
            said.append(message.text)

    async def open_one(address: str, username: str | None, path: str = "/", **device: Any) -> Page:
        device.setdefault("viewport", {"width": 1366, "height": 900})
        device.setdefault("service_workers", worker)
        context = await chromium.new_context(base_url=address, locale="fr-FR", **device)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        if username:
            await enter(context, username, "semaine" if device["viewport"]["width"] < 640 else "mois")
        page = await context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(path)
        return page

    yield open_one
    for context in opened:
        await context.close()
    assert said == []


async def enter(context: BrowserContext, username: str, view: str) -> None:
    """Signed in, on a screen that the planning knows already, without drawing a page for it."""
    page = await (await context.request.get("/connexion")).text()
    form: dict[str, Any] = {
        "csrf": hidden(page, "csrf"),
        "identifiant": username,
        "mot_de_passe": DEMO_PASSWORD,
    }
    answer = await context.request.post("/connexion", form=form, max_redirects=0)
    assert answer.status == 303, await answer.text()
    address = str(httpx.URL(answer.url).join("/"))
    await context.add_cookies([{"name": "vue", "value": view, "url": address}])


async def sign_in(page: Page, username: str) -> None:
    await page.goto("/connexion?suite=/planning")
    await page.locator("form.sign input:not([type=hidden])").first.fill(username)
    await page.locator("form.sign input[type=password]").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url("**/planning")
