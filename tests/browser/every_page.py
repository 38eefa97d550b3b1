"""What every page must keep, looked at in one visit: each of them is loaded once on a phone, once on a desktop.

Both are asked for all that axe knows, by day. By night colours change, which are the same on both; and whatever the
window, letters of the same size are cut in the same places: these are asked for where there is less room, on the phone.
`make audit` asks for all of it on both, and on a tablet.
"""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, CDPSession, Page, ViewportSize

from tests.browser.conftest import PHONE
from tests.browser.walk import arrive, by_person, signed_in
from tests.tour import Stop, Tour

AXE = Path(__file__).with_name("vendor") / "axe-4.14.1.min.js"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}}
Scheme = Literal["light", "dark"]
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}  # off by default: WCAG 2.2
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
Passes = tuple[tuple[Scheme, dict[str, Any]], ...]
BY_DAY: Passes = (("light", EVERYTHING),)
# By night those rules that colours can break: nothing else changes.
ALL_DAY: Passes = (*BY_DAY, ("dark", COLOURS))
# A target that a sticky bar covers is judged again where the thumb meets it: in the middle of the screen.
RUN = """async options => {
  const look = async where => (await axe.run(where, { resultTypes: ["violations"], ...options })).violations;
  const stays = async (id, node) => {
    const element = id === "target-size" && document.querySelector(node.target[0]);
    if (!element) return true;
    element.scrollIntoView({ block: "center" });
    return (await look(element)).some(other => other.id === id);
  };
  const found = [];
  for (const { id, nodes } of await look(document)) {
    for (const node of nodes) {
      const why = node.failureSummary.split("\\n").slice(1).join(" ").trim();
      if (await stays(id, node)) found.push(`${id}: ${node.target} ${node.html}\\n    ${why}`);
    }
  }
  return found;
}"""

# In forced colours only borders and marks are left: of the cells that mean something, and of what floats.
BARE = """() => [...document.querySelectorAll(
    ".month .cell:not([data-s=never], [data-s=past]), .cart, .btn, .in, .tick")]
  .filter(element => element.checkVisibility() && parseFloat(getComputedStyle(element).borderTopWidth) < 1)
  .map(element => element.outerHTML.slice(0, 90))"""
GREY = """() => [...document.querySelectorAll(".month .m, .month .lock")].map(mark => getComputedStyle(mark).color)"""

# What the Nu checker of `make audit` found once, and Chromium lets pass.
MARKUP = """() => [...document.querySelectorAll(
    "select[required], time[datetime], :is(table, tbody, tr, td, th)[role]")]
  .filter(element => element.role || (element.dateTime ? /[.]\\d{4}/.test(element.dateTime) : element[0]?.value))
  .map(element => `markup: ${element.outerHTML.slice(0, 90)}`)"""

NARROW: ViewportSize = {"width": 320, "height": 640}
LARGE: tuple[ViewportSize, ...] = (
    PHONE["viewport"],
    {"width": 1280, "height": 900},
)  # where letters are twice as large
LETTERS = """() => [parseFloat(getComputedStyle(document.documentElement).fontSize),
  matchMedia(`(max-width: ${innerWidth / 24}em)`).matches]"""
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
MOVES = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  return /[1-9]/.test(style.transitionDuration + style.animationDuration) || style.scrollBehavior === "smooth";
}).map(element => `${element.tagName.toLowerCase()}.${element.className}`)"""


# Of the pages, one in four: a test that takes minutes is not easily told from one that never ends.
QUARTERS = pytest.mark.parametrize("part", range(4))


async def faults(browser: Browser, town: Tour, part: int, device: dict[str, Any]) -> list[str]:
    """What axe and the small rules find on this part of the tour, as loaded on this device."""
    found: list[str] = []
    for who, stops in by_person(town.stops[part::4]):
        async with signed_in(browser, town, who, **device) as context:
            await context.add_init_script(path=AXE)
            page = await context.new_page()
            tools = await context.new_cdp_session(page)
            for stop in stops:
                found += await _faults_of(page, tools, stop, device)
    return found


async def _faults_of(page: Page, tools: CDPSession, stop: Stop, device: dict[str, Any]) -> list[str]:
    await page.set_viewport_size(device["viewport"])
    await page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    await arrive(page, stop)
    return await faults_here(page, tools, stop.name, device)


async def faults_here(page: Page, tools: CDPSession, name: str, device: dict[str, Any]) -> list[str]:
    """Of the page as it stands, which has axe."""
    if device is DESKTOP:
        return await violations(page, name, BY_DAY) + await lost(page, name)
    found = await violations(page, name)
    found += [f"{name}: {fault}" for fault in await page.evaluate(MARKUP)]
    found += [f"{name}, narrow: {fault}" for fault in await narrow(page)]
    return found + [f"{name}, large letters, {fault}" for fault in await large(page, tools)]


async def narrow(page: Page) -> list[str]:
    """At 320 pixels, for who asks for stillness."""
    await page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
    await page.set_viewport_size(NARROW)
    return [fault for found_by in (WIDE, CUT, MOVES) for fault in await page.evaluate(found_by)]


async def large(page: Page, tools: CDPSession) -> list[str]:
    """With the browser's own letters twice as large: style sheets and media queries follow them."""
    found = []
    await tools.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    assert await page.evaluate(LETTERS) == [32, True], page.url
    for size in LARGE:
        await page.set_viewport_size(size)
        for found_by in (WIDE, CUT):
            found += [f"{size['width']}: {fault}" for fault in await page.evaluate(found_by)]
    await tools.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    return found


async def violations(page: Page, where: str, passes: Passes = ALL_DAY) -> list[str]:
    found = []
    for scheme, options in passes:
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
        found += [f"{where}, {scheme}: {fault}" for fault in await page.evaluate(RUN, options)]
    return found


async def lost(page: Page, where: str) -> list[str]:
    """What forced colours take away: a border, or the ink of a mark."""
    found = []
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme, forced_colors="active")
        faults = [f"no border: {element}" for element in await page.evaluate(BARE)]
        text = await page.evaluate("getComputedStyle(document.body).color")
        faults += [f"a mark is {ink}" for ink in set(await page.evaluate(GREY)) - {text}]
        found += [f"{where}, {scheme}, forced colours: {fault}" for fault in faults]
    return found


def report(found: list[str]) -> str:
    """Each fault once, with the places where it was met."""
    places: dict[str, list[str]] = {}
    for line in found:
        where, _, fault = line.partition(": ")
        places.setdefault(fault, []).append(where)
    return "\n".join(f"{fault}\n    on: {'; '.join(wheres)}" for fault, wheres in places.items())
