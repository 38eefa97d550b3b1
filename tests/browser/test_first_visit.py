"""The first visit of the phone planning as Chromium counts it, straight from the portal: no proxy packs the page."""

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import PHONE, Serve, Visit

pytestmark = pytest.mark.browser

KB = 1000


async def test_a_first_visit_is_light(serve: Serve, visit: Visit, chromium: Browser) -> None:
    address = serve("lens", "2018-08-27T10:00:00")
    signed_in = await visit(address, "famille15", **PHONE)
    known = await signed_in.context.storage_state()
    fresh = await chromium.new_context(base_url=address, locale="fr-FR", storage_state=known, **PHONE)
    page = await fresh.new_page()
    wire = await fresh.new_cdp_session(page)
    paths: dict[str, str] = {}
    weights: dict[str, float] = {}

    def begins(said: dict[str, Any]) -> None:
        paths[said["requestId"]] = said["response"]["url"].removeprefix(address)

    def ends(said: dict[str, Any]) -> None:
        weights[paths[said["requestId"]]] = said["encodedDataLength"]

    wire.on("Network.responseReceived", begins)
    wire.on("Network.loadingFinished", ends)
    await wire.send("Network.enable")
    await page.goto("/planning?modifier=1", wait_until="networkidle")
    # Chromium reads it in its own time.
    await page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.text())"
    )
    await fresh.close()
    found = {path.partition("?")[0].rpartition(".")[2] for path in weights}
    assert found >= {"css", "js", "svg", "webmanifest"}
    assert sum(weights.values()) <= 50 * KB, weights
