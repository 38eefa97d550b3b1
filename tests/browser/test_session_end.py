"""A page that nobody uses says that its session ends, then that it has; what was typed there can still be sent."""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import expect

from models.access.session import IDLE
from tests.browser.conftest import PHONE, Serve, Visit, enter

pytestmark = pytest.mark.browser

TYPED = "Juliette sera en retard mardi."


async def test_a_form_outlives_its_session(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    page = await visit(serve("lens", "2018-08-27T10:00:00"), "famille15", "/accueil", **PHONE)

    def unused_for(seconds: float) -> None:
        with closing(sqlite3.connect(tmp_path / "lens" / "portail.sqlite3")) as books, books:
            books.execute("UPDATE session SET seen = ?", [time.time() - seconds])

    await page.clock.install()
    await page.goto("/planning")
    unused_for(IDLE - 100)
    async with page.expect_request("**/session-*.js"):  # the planning loads it when it is due
        await page.clock.fast_forward(int(IDLE) * 1000)
    await expect(page.locator("script[data-whose]")).to_have_count(1)
    await expect(page.get_by_role("alertdialog", name="Vous allez être déconnecté(e)")).to_be_visible()
    await page.goto("/messages/nouveau")
    await page.locator("#message").fill(TYPED)
    unused_for(IDLE - 100)
    await page.clock.fast_forward(int(IDLE) * 1000)
    warning = page.get_by_role("alertdialog", name="Vous allez être déconnecté(e)")
    await warning.get_by_role("button", name="Rester connecté(e)").tap()
    await expect(warning).to_have_count(0)
    unused_for(IDLE + 1)
    await page.clock.fast_forward(int(IDLE) * 1000)
    over = page.get_by_role("alertdialog", name="Vous avez été déconnecté(e).")
    await expect(over.get_by_role("link", name="Se connecter")).to_be_visible()
    await enter(page.context, "famille15", "semaine")
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(over).to_have_count(0)
    await expect(page.locator("#message")).to_have_value(TYPED)
    await page.get_by_label("Objet").fill("Retard")
    for list_of in ("service", "theme"):
        chosen = page.locator(f"select#{list_of}")
        if await chosen.count():
            await chosen.select_option(index=1)
    await page.locator("form.new-message").evaluate("form => form.requestSubmit()")
    await page.wait_for_url(re.compile(r"/messages/\d+"))
    await expect(page.locator("#contenu")).to_contain_text(TYPED)
