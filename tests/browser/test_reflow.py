"""Narrow screens and large letters: nothing scrolls sideways, nothing is cut, thumbs find what they aim at."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize

from tests.browser.conftest import FACES, PHONE
from tests.browser.walk import arrive, by_person, signed_in
from tests.tour import MONDAY, Tour, tour
from tests.tour_town import PARENT

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
THUMB = 44  # CSS pixels
EVERY_FACE = pytest.mark.parametrize("face", FACES)

# Who sticks out, for the report: the boxes and the words that end outside, unless something around them scrolls.
WIDE = """() => {
  const page = document.scrollingElement, room = page.clientWidth;
  if (page.scrollWidth <= room) return [];
  const held = element => { for (let up = element; up && up !== document.body; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible") return true; return false; };
  const words = text => { const range = document.createRange(); range.selectNode(text); return range; };
  const shown = [...document.body.querySelectorAll("*")].filter(element => element.checkVisibility());
  const out = shown.filter(element => !held(element.parentElement) && (
    element.getBoundingClientRect().right > room + 0.5
    || (!held(element) && [...element.childNodes].some(node =>
      node.nodeType === 3 && words(node).getBoundingClientRect().right > room + 0.5))));
  const last = out.filter(element => !out.some(other => other !== element && element.contains(other)));
  const name = element => `${element.tagName.toLowerCase()}.${element.className.baseVal ?? element.className}`;
  const said = last.slice(0, 6).map(element =>
    `${name(element.parentElement)} > ${name(element)} « ${element.textContent.trim().slice(0, 30)} »`);
  return [`${page.scrollWidth} > ${room}: ${said.join(", ")}`.replaceAll("\\n", " ")];
}"""
# Letters that their own box cuts off. What only screen readers hear is one pixel on purpose.
CUT = """() => [...document.body.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const hides = style.overflowX === "hidden" || style.overflowX === "clip" || style.overflowY === "hidden";
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const inside = own || element.querySelector(":scope > span, :scope > b"), half = parseFloat(style.fontSize) / 2;
  return hides && box.width > 2 && inside
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + half);
}).map(element => `cut: ${element.parentElement.className} > ${element.tagName.toLowerCase()}.${element.className}`
  + ` « ${element.textContent.trim().slice(0, 40)} »`)"""
# What a thumb aims at: a box's whole label counts, a link in a sentence does not.
SMALL = """least => [...document.querySelectorAll("a, button, summary, input:not([type=hidden], .see), label.cell")]
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width > 2 && box.height > 2 && element.checkVisibility())
  .filter(([element, box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .filter(([element]) => getComputedStyle(element).display !== "inline")
  .map(([element, box]) => `${element.outerHTML.slice(0, 90)}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`)"""

MOVES = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  return /[1-9]/.test(style.transitionDuration + style.animationDuration) || style.scrollBehavior === "smooth";
}).map(element => `${element.tagName.toLowerCase()}.${element.className}`)"""
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


@EVERY_FACE
async def test_no_page_scrolls_sideways_at_320_pixels_nor_moves_for_who_asks_for_stillness(
    town: Tour, chromium: Browser
) -> None:
    found: list[str] = []
    device = PHONE | {"viewport": NARROW, "reduced_motion": "reduce"}
    for who, stops in by_person(town.stops):
        async with signed_in(chromium, town, who, **device) as context:
            page = await context.new_page()
            for stop in stops:
                await arrive(page, stop)
                faults = [fault for found_by in (WIDE, CUT, MOVES) for fault in await page.evaluate(found_by)]
                found += [f"{stop.name}: {fault}" for fault in faults]
    assert found == [], "\n".join(found)


@EVERY_FACE
@pytest.mark.parametrize("letters", [32])
async def test_letters_twice_as_large_are_neither_cut_nor_wider_than_the_page(
    town: Tour, chromium: Browser
) -> None:
    found: list[str] = []
    for who, stops in by_person(town.stops):
        async with signed_in(chromium, town, who, **PHONE) as context:
            page = await context.new_page()
            for stop in stops:
                await page.set_viewport_size(PHONE["viewport"])
                await arrive(page, stop)
                for size in (PHONE["viewport"], DESKTOP):
                    await page.set_viewport_size(size)
                    faults = await page.evaluate(WIDE) + await page.evaluate(CUT)
                    found += [f"{stop.name}, {size['width']}: {fault}" for fault in faults]
    assert found == [], "\n".join(found)


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
