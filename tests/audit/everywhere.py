"""axe-core on every page of the tour: on a phone, a tablet and a desktop, by day and by night, all rules each time."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from tests.bench.figures import Figure
from tests.browser.conftest import FONTS, MOUSE, PHONE
from tests.browser.every_page import AXE, DESKTOP, EVERYTHING, Passes, report, violations
from tests.browser.walk import arrive, by_person, signed_in
from tests.tools import chromium
from tests.tour import Stop, Tour

TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
DEVICES = {"phone": PHONE, "tablet": TABLET, "desktop": DESKTOP}
PASSES: Passes = (("light", EVERYTHING), ("dark", EVERYTHING))
LANES = 2  # pages that are open at once: a checker that fills the machine finds pages that are late


def axe(tour: Tour, _: Path) -> Iterator[Figure]:
    """One figure for each device: the faults of all its pages, each with the places where it was met."""
    for name, device in DEVICES.items():
        found = asyncio.run(_walk(tour, device))
        what = f"faults on the {name}: {len(tour.stops)} pages × {len(PASSES)} passes"
        yield Figure("axe", what, len(found), 0, how="=", detail=f"\n{report(found)}" if found else "")


async def _walk(tour: Tour, device: dict[str, Any]) -> list[str]:
    program = chromium() or sys.exit("The audit needs Chromium: `apt-get install chromium-headless-shell`.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", f"--blink-settings={MOUSE}"],
            env={**os.environ, "FONTCONFIG_FILE": str(FONTS / "wide.conf")},
        )
        lanes = [_lane(browser, tour, tour.stops[lane::LANES], device) for lane in range(LANES)]
        found = await asyncio.gather(*lanes)
        await browser.close()
    return [fault for part in found for fault in part]


async def _lane(browser: Browser, tour: Tour, stops: list[Stop], device: dict[str, Any]) -> list[str]:
    """These pages one after the other, each loaded once on the device and asked in both colour schemes."""
    found = []
    for who, theirs in by_person(stops):
        async with signed_in(browser, tour, who, **device) as context:
            await context.add_init_script(path=AXE)
            page = await context.new_page()
            for stop in theirs:
                await arrive(page, stop)
                found += await violations(page, stop.name, PASSES)
    return found
