"""Invoices, menus, messages, file and calendar are read without network, by the account that read them last."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, Serve, Visit
from tests.browser.worker import controlled, copies, cut, kept

pytestmark = [pytest.mark.browser, pytest.mark.worker]

NOW = "2025-11-03T10:00:00"
READ = ("/factures", "/menus", "/messages", "/dossier", "/dossier/documents", "/compte/calendrier")
NEVER = ("/dossier/pieces/1", "/dossier/documents/1", "/factures/attestations")  # a paper, of health perhaps
DATED = re.compile(r"^Hors connexion\. Version du \d\d/\d\d/\d{4} à \d\d:\d\d, à lire seulement\.$")


async def test_what_was_read_is_read_again_in_a_tunnel_until_they_sign_out(
    serve: Serve, visit: Visit, said: list[str]
) -> None:
    page = await visit(serve("demo", NOW), "sophie.moreau", "/accueil", **PHONE)
    await controlled(page)
    titles = {}
    for path in READ:
        await kept(page, path)
        titles[path] = await page.title()
    await cut(page, said)
    for path in READ:
        await page.goto(path)
        await page.reload()
        await expect(page.locator(".unplugged"), path).to_have_text(DATED)
        assert await page.title() == titles[path]
        assert await page.locator("main form[method=post]:not([inert])").count() == 0, path
    await page.goto("/dossier")
    await expect(page.get_by_text("Emma").first).to_be_visible()
    for path in NEVER:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1), path).to_have_text("Vous êtes hors connexion.")
    await cut(page, said, off=False)
    await page.goto("/compte")
    await page.locator("form[action='/deconnexion'] button").last.click()
    await page.wait_for_url("**/")
    await controlled(page)
    assert await copies(page) == []
    await cut(page, said)
    for path in READ:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1), path).to_have_text("Vous êtes hors connexion.")
        assert "Emma" not in await page.content()
    said.clear()
