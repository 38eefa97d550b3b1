"""The roll call on tablets: a tap is painted at once, waits for the network, arrives once; two of them agree."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from models import clock
from models.access.member import Member
from models.access.staff import roll_pin
from models.bookings.roll.attendance import Attendance
from models.commune.commune import Commune
from models.work.audit_log import Event
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.test_outbox_library import served
from tests.browser.worker import controlled, copies
from tests.models.roll import EVENING, NOW
from tests.portal import Portal
from tests.web.checkout import parent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/pointage"
TABLET = {"viewport": {"width": 1024, "height": 768}}
DAY = "2025-10-06"
# The network goes before the worker has made its copy anew: the page that is read then knows nothing of the first tap.
OLD_COPY = "() => { ServiceWorker.prototype.postMessage = () => {}; }"


@pytest.fixture
async def address(portal: OpenPortal, at: Callable[[str], object]) -> AsyncIterator[str]:
    """Mai and Hugo stay for the evening; it has begun."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        place = f"http://127.0.0.1:{door.getsockname()[1]}"
        town = await portal("demo", now=NOW, base_url=place)
        for username, child in (("linh.nguyen", "Mai"), ("sophie.moreau", "Hugo")):
            someone = await parent(town, username)
            await someone.tick(child, EVENING, DAY)
            await someone.click()
        at(f"{DAY}T16:40:20")
        async with served(town.app, door):
            yield place


async def tap(page: Page, child: str, what: str) -> None:
    await page.get_by_role("button", name=f"{what}\u00a0: {child}").click()


async def becomes(child: str, state: str) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while (await said_of(child))[0] != state:
        assert time.monotonic() < end, "It never came."
        await asyncio.sleep(0.05)


async def copied(page: Page) -> None:
    """The worker has its copy of the roll, which was there before it."""
    end = time.monotonic() + PATIENCE / 1000
    while PLACE not in await copies(page):
        assert time.monotonic() < end, "It was not kept."
        await page.wait_for_timeout(50)


async def said_of(child: str) -> tuple[str, int | None]:
    found = await Attendance.get_or_none(booking__child__first_name=child)
    return (found.state, found.departed) if found else ("", None)


async def test_a_tap_without_a_network_waits_and_arrives_once(
    address: str, visit: Visit, said: list[str]
) -> None:
    page = await visit(address, "animateur", PLACE, **TABLET)
    await controlled(page)
    await copied(page)
    await page.evaluate(OLD_COPY)
    await tap(page, "Mai Nguyen", "Présent")
    await becomes("Mai", "present")
    await expect(page.locator("[data-count=there]")).to_have_text("1")
    await page.context.set_offline(True)
    await tap(page, "Mai Nguyen", "Départ")
    await tap(page, "Hugo Moreau", "Absent")
    await expect(page.locator("#envoi")).to_have_text("2 pointages à envoyer")
    await expect(page.locator(".roll-row[data-unsent]")).to_have_count(2)
    await expect(page.locator(".roll-row", has_text="Mai")).to_contain_text("départ 16:4")
    await expect(page.locator("#alerte")).to_contain_text("seront envoyés dès qu’elle revient")
    assert await said_of("Hugo") == ("", None) and (await said_of("Mai"))[1] is None
    await page.reload()
    await expect(page.locator(".unplugged")).to_contain_text("Hors connexion. Pointage du")
    await expect(page.locator("#envoi")).to_have_text("2 pointages à envoyer")
    await expect(page.locator(".roll-row[data-unsent]")).to_have_count(2)
    await expect(page.locator(".roll-row", has_text="Mai")).to_contain_text("départ 16:4")
    await expect(page.locator(".roll-row", has_text="Mai")).to_have_attribute("data-state", "present")
    await expect(page.locator(".roll-row", has_text="Hugo")).to_have_attribute("data-state", "absent")
    await page.context.set_offline(False)
    await expect(page.locator("#envoi")).to_be_hidden()
    await expect(page.locator(".unplugged")).to_have_count(0)
    await expect(page.locator(".roll-row[data-unsent]")).to_have_count(0)
    await becomes("Hugo", "absent")
    state, departed = await said_of("Mai")
    assert state == "present" and departed and 16 * 60 + 30 <= departed <= 16 * 60 + 40, "when it was said"
    assert await Event.filter(action="roll.noted").count() == 3
    said.clear()  # the requests that were cut


async def test_what_was_kept_outlives_the_page_and_two_tablets_agree(
    address: str, visit: Visit, said: list[str]
) -> None:
    one = await visit(address, "animateur", PLACE, **TABLET)
    other = await visit(address, "gestion", PLACE, **TABLET)
    await one.route("**/mots", lambda route: route.abort("connectionfailed"))
    await tap(one, "Hugo Moreau", "Présent")
    await expect(one.locator("#envoi")).to_have_text("1 pointage à envoyer")
    await one.reload()
    await expect(one.locator("#envoi")).to_have_text("1 pointage à envoyer")
    await expect(one.locator(".roll-row[data-state=present]")).to_have_count(1)
    await tap(other, "Hugo Moreau", "Absent")  # said later, and it arrives before
    await becomes("Hugo", "absent")
    await one.unroute("**/mots")
    await expect(one.locator("#envoi")).to_be_hidden()
    await expect(one.locator(".roll-row", has_text="Hugo")).to_have_attribute("data-state", "absent")
    assert await said_of("Hugo") == ("absent", None)
    await tap(other, "Mai Nguyen", "Présent")
    await expect(one.locator(".roll-row", has_text="Mai")).to_have_attribute("data-state", "present")
    await one.get_by_role("button", name="Clôturer le service").click()
    await expect(one.get_by_text("Service clos")).to_be_visible()
    said.clear()


async def test_an_unused_tablet_hides_the_names_until_its_code_is_typed(
    address: str, visit: Visit, said: list[str]
) -> None:
    await Commune.all().update(roll_pin=True)
    await roll_pin.choose(await Member.get(username="animateur"), "280914", clock.now())
    page = await visit(address, "animateur", PLACE, **TABLET)
    cover, code = page.locator("#couvert"), page.get_by_label("Votre code à 6 chiffres")
    await page.clock.install()
    await page.reload()
    await expect(page.get_by_text("Mai Nguyen").first).to_be_visible()
    await page.context.set_offline(True)
    await page.clock.fast_forward(290_000)
    await tap(page, "Mai Nguyen", "Présent")
    await page.clock.fast_forward(290_000)
    await expect(cover).to_be_hidden()
    await page.clock.fast_forward(20_000)
    await expect(cover).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await code.fill("111111")
    await code.press("Enter")
    await expect(cover).to_contain_text("Essais restants\u00a0: 4.")
    await code.fill("280914")
    await code.press("Enter")
    await expect(cover).to_be_hidden()
    await page.clock.fast_forward(310_000)
    await expect(cover).to_be_visible()
    for left in (4, 3, 2, 1):
        await code.fill("111111")
        await code.press("Enter")
        await expect(cover).to_contain_text(f"Essais restants\u00a0: {left}.")
    await code.fill("111111")
    await code.press("Enter")
    await expect(cover).to_contain_text("connectez-vous de nouveau")
    await expect(code).to_be_disabled()
    await page.context.set_offline(False)
    await page.reload()
    await expect(code).to_be_disabled()
    await becomes("Mai", "present")
    await page.get_by_role("button", name="Se connecter de nouveau").click()
    await page.wait_for_url(f"{address}/")
    said.clear()  # what was asked for without a network
