"""The pictures of the guide show the screens of today: what a picture showed, in words, is what its page still shows.

`make guide` draws them anew (`GUIDE=draw`): Chromium on the demo's town, a phone's width.
"""

import io
import json
import os
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from models.french.guide.chapters import CHAPTERS
from tests.browser.conftest import Serve, Visit
from tests.browser.test_planning_cell import by_card
from tests.tools import ROOT

pytestmark = pytest.mark.browser

NOW = "2025-09-22T10:00:00"
FOLDER = ROOT / "static" / "guide"
SHOWN = FOLDER / "outlines.json"
MOST_BYTES = 500_000  # of all of them
SIZE = {"width": 360, "height": 640}
PAGES = (  # chapter, who, page
    ("premiere-connexion", None, "/inscrivez-vous"),
    ("mon-dossier", "sophie.moreau", "/dossier"),
    ("une-semaine", "sophie.moreau", "/planning?vue=semaine&debut=2025-09-29&modifier=1"),
    ("un-mois", "sophie.moreau", "/planning?vue=mois&debut=2025-10-01&modifier=1"),
    ("factures", "sophie.moreau", "/factures"),
    ("messages", "sophie.moreau", "/messages/nouveau"),
    ("notifications", "sophie.moreau", "/compte/notifications"),
    ("telephone", None, "/installer"),
)
MONDAY = "/planning?vue=semaine&debut=2025-09-29&modifier=1"
# Titles, questions and buttons of the page, without figures: days and sums may move, and with them the picture's edge.
OUTLINE = """() => [...document.querySelectorAll("main :is(h1, h2, legend, label, button:not(.cell), a.btn)")]
  .filter((one) => one.checkVisibility())
  .map((one) => one.innerText.replace(/\\s+/g, " ").trim()).filter(Boolean)"""


@pytest.fixture
def face() -> str:
    """Most phones' own."""
    return "narrow"


async def test_the_pictures_show_what_the_pages_show(serve: Serve, visit: Visit) -> None:
    """Its texts and landmarks, neither dots nor letters."""
    drawing, address = os.environ.get("GUIDE") == "draw", serve("demo", NOW)
    found: dict[str, Any] = {}
    for chapter, who, path in PAGES:
        page = await visit(address, who, path, viewport=SIZE, device_scale_factor=1.5, is_mobile=True)
        await show(page, chapter, found, drawing=drawing)
    page = await visit(
        address,
        "sophie.moreau",
        MONDAY,
        viewport=SIZE,
        device_scale_factor=1.5,
        is_mobile=True,
        has_touch=True,
    )
    async for step in walk(page):
        await show(page, step, found, drawing=drawing)
    if drawing:
        SHOWN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(SHOWN.read_text(encoding="utf-8")), (
        "a screen of the guide changed: `make guide`"
    )
    drawn = {path.stem.removeprefix("guide-"): path.stat().st_size for path in FOLDER.glob("*.webp")}
    assert drawn.keys() == found.keys()
    steps = {f"{chapter.anchor}-{n}" for chapter in CHAPTERS for n in range(1, len(chapter.steps) + 1)}
    assert found.keys() <= steps | {chapter.anchor for chapter in CHAPTERS}
    assert sum(drawn.values()) <= MOST_BYTES


async def walk(page: Page) -> AsyncIterator[str]:
    """Days that are paid, one of them missed, an invoice: the step of the chapter that is on the screen."""
    for day in ("lundi 29", "mardi 30"):
        await page.get_by_role("checkbox", name=f"Repas de midi, {day} septembre 2025").first.tap()
    await expect(page.locator("#panier")).to_contain_text("2 réservations")
    yield "payer-1"
    await page.locator(".cart").get_by_role("link", name=re.compile("^Terminer")).tap()
    await page.wait_for_url("**/recapitulatif**")
    yield "payer-2"
    await page.get_by_role("button", name=re.compile("^Payer")).first.tap()
    await by_card(page)
    yield "payer-4"
    await page.goto("/absences/nouvelle?debut=2025-09-29")
    await page.locator("label.check:has([name=jour])").first.tap()
    yield "absence-2"
    await page.get_by_role("button", name=re.compile("Prévenir")).tap()
    await page.wait_for_url(re.compile(r"/absences/\d+$"))
    yield "absence-3"
    await page.goto("/factures")
    await page.locator("#choix [type=checkbox]").first.check()
    yield "factures-2"
    await page.get_by_role("button", name=re.compile("Étape suivante")).tap()
    await page.wait_for_url("**/factures/recapitulatif**")
    yield "factures-3"


async def show(page: Page, name: str, found: dict[str, Any], *, drawing: bool) -> None:
    found[name] = [re.sub(r"\d+", "0", text) for text in await page.evaluate(OUTLINE)]
    if drawing:
        await draw(page, name)


async def draw(page: Page, chapter: str) -> None:
    shot = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    shot.convert("RGB").save(FOLDER / f"guide-{chapter}.webp", quality=60, method=6)
