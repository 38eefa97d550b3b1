"""Narrow screens and large letters: nothing scrolls sideways, nothing is cut, thumbs find what they aim at."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import FACES, PHONE
from tests.browser.every_page import DESKTOP, QUARTERS, faults, report
from tests.browser.walk import signed_in
from tests.documents.reading import words
from tests.tour import MONDAY, Tour, tour
from tests.tour_town import PARENT

pytestmark = pytest.mark.browser

THUMB = 44  # CSS pixels
EVERY_FACE = pytest.mark.parametrize("face", FACES)

# What a thumb aims at: a box's whole label counts, a link in a sentence does not.
SMALL = """least => [...document.querySelectorAll("a, button, summary, input:not([type=hidden], .see), label.cell")]
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width > 2 && box.height > 2 && element.checkVisibility())
  .filter(([element, box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .filter(([element]) => getComputedStyle(element).display !== "inline")
  .map(([element, box]) => `${element.outerHTML.slice(0, 90)}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`)"""

GROUNDS = (
    "cells => cells.map(getComputedStyle).map(style => `${style.backgroundColor} ${style.backgroundImage}`)"
)
BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)")
PAGES = re.compile(rb"/Type\s*/Page\b")
PAPER = "getComputedStyle(document.body).color"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Tour]:
    with tour(tmp_path_factory.mktemp("tour"), sqlite_template) as ready:
        yield ready


@EVERY_FACE
async def test_letters_are_those_of_the_tests_not_of_the_machine(chromium: Browser, face: str) -> None:
    page = await chromium.new_page()
    await page.set_content(
        "<p style=\"font-family: system-ui, 'Segoe UI', Roboto, sans-serif\">Août, 16,90\u00a0€ →</p>"
    )
    tools = await page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        await tools.send(f"{domain}.enable")
    root = (await tools.send("DOM.getDocument"))["root"]["nodeId"]
    text = await tools.send("DOM.querySelector", {"nodeId": root, "selector": "p"})
    used = await tools.send("CSS.getPlatformFontsForNode", text)
    assert {font["familyName"] for font in used["fonts"]} == {FACES[face]}


@QUARTERS
@pytest.mark.parametrize("face", ["narrow"])
async def test_no_page_has_a_violation_on_a_desktop(town: Tour, chromium: Browser, part: int) -> None:
    """Nor scrolls sideways, nor cuts large letters. A phone, with the wide face, is looked at in test_axe.py."""
    found = await faults(chromium, town, part, DESKTOP)
    assert found == [], report(found)


@pytest.mark.parametrize("edit", ["", "&modifier=1"], ids=["seen", "changed"])
@pytest.mark.parametrize("width", [320, 360])
async def test_a_thumb_finds_everything_in_the_planning(
    town: Tour, chromium: Browser, width: int, edit: str
) -> None:
    device = PHONE | {"viewport": {"width": width, "height": 740}}
    async with signed_in(chromium, town, PARENT, **device) as context:
        page = await context.new_page()
        await page.goto(f"/planning?vue=semaine&debut={MONDAY}{edit}")
        found: list[str] = await page.evaluate(SMALL, THUMB)
        await page.locator("#panier").tap()
        await page.locator(".drawer .total").wait_for()
        found += await page.evaluate(SMALL, THUMB)
    assert found == [], "\n".join(found)


async def test_paper_is_white_whatever_the_screen_was(town: Tour, chromium: Browser) -> None:
    async with signed_in(chromium, town, PARENT) as context:
        page = await context.new_page()
        await page.goto("/planning/recapitulatif")
        await page.emulate_media(color_scheme="dark")
        by_night = await page.evaluate(PAPER)
        await page.emulate_media(color_scheme="dark", media="print")
        assert await page.evaluate(PAPER) != by_night
        await page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert await page.evaluate(PAPER) == "rgb(35, 31, 26)"
        assert not await page.locator(".top, .tabbar, .paybar, .btn").filter(visible=True).count()


@EVERY_FACE
async def test_a_month_is_one_sheet_of_marks(town: Tour, chromium: Browser) -> None:
    async with signed_in(chromium, town, PARENT, color_scheme="dark") as context:
        page = await context.new_page()
        await page.goto(f"/planning?vue=mois&debut={MONDAY}&modifier=1")
        sheet = await page.pdf(prefer_css_page_size=True)
        assert len(PAGES.findall(sheet)) == 1
        width, height = (float(side) for side in BOX.findall(sheet)[0])
        assert width > height, "a month lies on its side"
        await page.emulate_media(media="print")
        drawn = await page.locator(".month .cell").evaluate_all(GROUNDS)
        assert set(drawn) == {"rgba(0, 0, 0, 0) none"}
        assert not await page.locator(".cart, .kids, .acts, .links, .axes").filter(visible=True).count()


async def test_the_family_file_is_printed_whole(town: Tour, chromium: Browser) -> None:
    """What is folded on the screen is read on paper; `page.pdf` draws it as a printer would."""
    async with signed_in(chromium, town, PARENT) as context:
        page = await context.new_page()
        await page.goto("/dossier")
        folded = page.locator(".dossier__kid:not([open]) dt")
        assert await folded.count() and not await folded.filter(visible=True).count()
        sheets = words(await page.pdf(prefer_css_page_size=True))
        assert sheets.count("Projet d’accueil (PAI)") == len(("Hugo", "Emma", "Jules"))
        await page.emulate_media(media="print")
        assert not await page.locator("button, .btn, .top, .tabbar").filter(visible=True).count()
