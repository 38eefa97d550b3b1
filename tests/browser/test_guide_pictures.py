"""The pictures of the guide show the screens of today: what a picture showed, in words, is what its page still shows.

`make guide` draws them anew (`GUIDE=draw`): Chromium on the demo's town, a phone's width.
"""

import io
import json
import os
import re
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page

from models.french.guide.chapters import CHAPTERS
from tests.browser.conftest import Serve, Visit
from tests.tools import ROOT

pytestmark = pytest.mark.browser

NOW = "2025-09-22T10:00:00"
FOLDER = ROOT / "static" / "guide"
SHOWN = FOLDER / "outlines.json"
MOST_BYTES = 400_000  # of all of them
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
        found[chapter] = [re.sub(r"\d+", "0", text) for text in await page.evaluate(OUTLINE)]
        if drawing:
            await draw(page, chapter)
    if drawing:
        SHOWN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(SHOWN.read_text(encoding="utf-8")), (
        "a screen of the guide changed: `make guide`"
    )
    drawn = {path.stem.removeprefix("guide-"): path.stat().st_size for path in FOLDER.glob("*.webp")}
    assert drawn.keys() == found.keys() <= {chapter.anchor for chapter in CHAPTERS}
    assert sum(drawn.values()) <= MOST_BYTES


async def draw(page: Page, chapter: str) -> None:
    shot = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    shot.convert("RGB").save(FOLDER / f"guide-{chapter}.webp", quality=60, method=6)
