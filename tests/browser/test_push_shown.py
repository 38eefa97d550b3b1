"""A notification in a real browser: what its service receives is shown without a name or an amount, and opens its page.

The browser of the tests has no service that reaches it: ours takes what the portal sends, opens it with the keys that
the parent's device gave, and hands it to the service worker as a service would. It may show no notification either
(a headless shell refuses them all), so what the worker would show is read there, and clicked.
"""

import asyncio
import json
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from models.notifying.push_subscription import Offered
from tests.browser.conftest import PATIENCE, Serve, Visit
from tests.browser.worker import controlled
from tests.jobs.push_service import PushService

pytestmark = [pytest.mark.browser, pytest.mark.worker]

SUBSCRIBE = """async ([adresse, cle, secret]) => {
  const csrf = document.querySelector("[data-push-ask]").elements.csrf.value;
  const body = new URLSearchParams({ csrf, adresse, cle, secret });
  return (await fetch("/compte/notifications/appareils", { method: "POST", body })).ok;
}"""
HEAR = """() => {
  self.shown = [];
  registration.showNotification = async (title, { body, tag, data }) => { shown.push({ title, body, tag, data }); };
}"""
CLICK = """() => {
  const notification = { data: shown[0].data, close: () => shown.pop() };
  dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { notification }));
}"""


@pytest.fixture
def service() -> Iterator[PushService]:
    opened = PushService()
    yield opened
    opened.close()


async def deliver(page: Page, address: str, content: dict[str, str]) -> None:
    """As the browser's own service hands it over."""
    tools = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(told: dict[str, list[dict[str, str]]]) -> None:
        ids = [one["registrationId"] for one in told["registrations"]]
        if ids and not found.done():
            found.set_result(ids[-1])

    tools.on("ServiceWorker.workerRegistrationUpdated", hear)
    await tools.send("ServiceWorker.enable")
    known = {"origin": address, "registrationId": await asyncio.wait_for(found, PATIENCE / 1000)}
    await tools.send("ServiceWorker.deliverPushMessage", {**known, "data": json.dumps(content)})


async def test_a_push_is_shown_without_a_name_and_opens_its_page(
    serve: Serve, visit: Visit, service: PushService
) -> None:
    town = serve("demo", "2025-09-22T10:00:00")
    page = await visit(town, "sophie.moreau", "/compte/notifications")
    await controlled(page)
    [worker] = page.context.service_workers
    await worker.evaluate(HEAR)
    offered: Offered = service.offered
    assert await page.evaluate(SUBSCRIBE, [offered.endpoint, offered.key, offered.secret])
    mairie = await visit(
        town, "gestion", "/mairie/messages/nouveau?recherche=moreau", service_workers="block"
    )
    await mairie.locator(".whom a").first.click()
    await mairie.get_by_label("Service et thème").select_option(index=1)
    await mairie.get_by_label("Objet").fill("Emma Moreau doit 16,90 €")
    await mairie.get_by_label("Message").fill("Emma Moreau doit 16,90 €.")
    await mairie.get_by_role("button", name="Envoyer").click()
    assert await asyncio.to_thread(service.knocked.wait, PATIENCE / 1000)
    content = service.opened(service.asked[-1])
    await deliver(page, town, content)
    async with asyncio.timeout(PATIENCE / 1000):
        while not (shown := await worker.evaluate("shown")):
            await page.wait_for_timeout(50)
    [notification] = shown
    assert notification["title"] == "Portail Famille"
    assert notification["body"] == "Nouveau message de la mairie."
    assert not any(word in json.dumps(shown) for word in ("Emma", "Moreau", "16,90", "€"))
    await worker.evaluate(CLICK)
    await page.wait_for_url("**/messages/*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Emma Moreau doit 16,90 €")
    assert await worker.evaluate("shown") == []
