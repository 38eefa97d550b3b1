"""S11: the phone planning in Chromium, with a processor four times slower and a mobile network."""

import statistics
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from tests.bench.figures import Figure
from tests.bench.machines import Portal, Town
from tests.tools import chromium

ROUNDS, TAPS = 3, 20
UNTOUCHED = 33  # the first client that no other measure ticks for
SLOWER = 4
DOWN, UP, LATENCY = 1_600_000, 750_000, 150  # bit/s, bit/s, ms
SERVER = 300  # ms that an answer takes, while one taps
DEVICE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WATCH = """(() => {
  window.seen = { lcp: 0, cls: 0, taps: new Map() };
  const watch = (type, act, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (entry) => (seen.lcp = entry.startTime));
  watch("layout-shift", (entry) => entry.hadRecentInput || (seen.cls += entry.value));
  const { taps } = seen;
  const longest = ({ interactionId: id, duration: ms }) => id && taps.set(id, Math.max(ms, taps.get(id) ?? 0));
  watch("event", longest, { durationThreshold: 16 });
})()"""
MIDDLES = """(most) => [...document.querySelectorAll("#tableau .cell[data-s=free]")].slice(0, most).map((cell) => {
  const at = cell.getBoundingClientRect();
  return [at.left + at.width / 2, at.top + at.height / 2];
})"""


async def phone(town: Town, portal: Portal) -> list[Figure]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        rounds = [await _visit(browser, town, portal, n) for n in range(ROUNDS)]
        await browser.close()
    lcp, cls = (statistics.median(told[name] for told in rounds) for name in ("lcp", "cls"))
    taps = sorted(duration for told in rounds for duration in told["taps"])
    worst, middle = taps[int(0.98 * len(taps))], statistics.median(taps)
    slow = f"{len(taps)} taps, half within {middle:.0f} ms, all within {taps[-1]:.0f}"
    return [
        Figure("S11", f"phone planning, first visit, {town.engine}: LCP", lcp, 1500, "ms"),
        Figure("S11", "its INP: a tap shows, 98 of 100", worst, 150, "ms", detail=slow),
        Figure("S11", f"half of the taps, answered after {SERVER} ms", middle, 100, "ms"),
        Figure("S11", "its CLS", cls, 0.05),
    ]


async def _visit(browser: Browser, town: Town, portal: Portal, n: int) -> dict[str, Any]:
    """A parent who has booked nothing yet, on a browser that has seen nothing yet.

    Then taps, each painted long before its answer comes.
    """
    context = await browser.new_context(base_url=portal.address, locale="fr-FR", **DEVICE)
    await _sign_in(context, town.said["clients"][UNTOUCHED + n], portal)
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await _network(wire, LATENCY)
    await page.add_init_script(WATCH)
    await page.goto("/planning?vue=semaine&debut=2018-10-01&modifier=1", wait_until="load")
    await page.wait_for_timeout(1500)  # the largest paint is told a little later
    await _network(wire, max(LATENCY, SERVER))
    await _tap(page)
    told: dict[str, Any] = await page.evaluate("({ ...seen, taps: [...seen.taps.values()] })")
    await context.close()
    return told


async def _tap(page: Page) -> None:
    """As quick as one counts, each cell of the week in its turn."""
    middles = await page.evaluate(MIDDLES, TAPS)
    assert len(middles) > TAPS / 2, "the phone shows its week"
    for across, down in middles:
        await page.touchscreen.tap(across, down)
        await page.wait_for_timeout(250)
    await page.wait_for_timeout(1500)


async def _network(wire: CDPSession, latency: int) -> None:
    speed = {"downloadThroughput": DOWN // 8, "uploadThroughput": UP // 8, "latency": latency}
    await wire.send("Network.emulateNetworkConditions", {"offline": False, **speed})


async def _sign_in(context: BrowserContext, client: dict[str, Any], portal: Portal) -> None:
    name, _, value = client["cookie"].partition("=")
    host = urlsplit(portal.address).hostname or ""
    await context.add_cookies(
        [
            {"name": name, "value": value, "domain": host, "path": "/"},
            {"name": "vue", "value": "semaine", "domain": host, "path": "/"},
        ]
    )
