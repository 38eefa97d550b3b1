"""What only a portal shows that is no demo: an agent's invitation, the second step and its codes, on every device."""

import re
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from models.access.staff.invitation import Invitation
from models.clock import now
from models.settings import Settings
from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.every_page import AXE, DESKTOP, faults_here, report
from tests.browser.test_outbox_library import served
from tests.town import settle
from tests.web.agents import CODE, PASSWORD, STEP, Telephone, agent, key_of
from web.app import create_app

pytestmark = pytest.mark.browser

LINK = "/espace-mairie/invitation"


@pytest.fixture
async def address(sqlite_db: str, settings: Settings) -> AsyncIterator[str]:
    """Served without --demo. Odile is an administrator who has no second step yet; Nora is invited."""
    await settle()
    await agent("odile", "administrator")
    with socket.create_server(("127.0.0.1", 0)) as door:
        place = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with served(create_app(replace(settings, demo=False, base_url=place)), door):
            yield place


async def invited() -> str:
    """The path of Nora's link."""
    nora = await agent("nora", "kitchen")
    await Invitation.make(nora, "nora@mairie.example", now())
    secret = (await Invitation.get(member_id=nora.id)).secret
    return f"{LINK}/{secret}"


async def password_typed(page: Page, name: str) -> None:
    await page.goto("/connexion")
    await page.locator("[name=identifiant]").fill(name)
    await page.locator("[name=mot_de_passe]").fill(PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()


async def test_no_page_of_the_second_step_has_a_violation(address: str, chromium: Browser) -> None:
    context = await chromium.new_context(base_url=address, locale="fr-FR", **PHONE)
    context.set_default_timeout(PATIENCE)
    await context.add_init_script(path=AXE)
    page, found = await context.new_page(), list[str]()
    tools = await context.new_cdp_session(page)

    async def look(name: str, title: str) -> None:
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        for device in (PHONE, DESKTOP):
            await page.set_viewport_size(device["viewport"])
            await page.emulate_media(
                color_scheme="light", forced_colors="none", reduced_motion="no-preference"
            )
            found.extend(await faults_here(page, tools, name, device))
        await page.set_viewport_size(PHONE["viewport"])

    await page.goto(await invited())
    await look("an invitation", "Votre accès à l’espace mairie")
    await page.goto(f"{LINK}/{'x' * 43}")
    await look("an invitation that is over", "Ce lien ne sert plus")
    await password_typed(page, "odile")
    await page.wait_for_url(f"**{STEP}")
    await look("the square", "Double authentification")
    telephone = Telephone(key_of(await page.content()), time.time)
    await page.locator("[name=code]").fill(telephone.code())
    await page.get_by_role("button", name="Mettre en place").click()
    await look("recovery codes", "Vos codes de secours")
    code = await page.locator(".codes code").first.inner_text()
    await page.goto(STEP)
    await look("it is in place", "Double authentification")
    await context.clear_cookies()
    await password_typed(page, "odile")
    await page.wait_for_url(f"**{CODE}*")
    await look("the code", "Code de connexion")
    await page.locator("[name=code]").fill("000000")
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.locator("#code-erreur")).to_be_visible()
    await look("a wrong code", "Code de connexion")
    await page.locator("[name=code]").fill(code)
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url(re.compile("/mairie/tableau-de-bord"))
    await context.close()
    assert found == [], report(found)
