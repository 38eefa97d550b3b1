"""To a bank of another site and back, in a real browser: by an address, or by a form that a script sends."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from playwright.async_api import Page, expect

from models import commune_file
from tests.banks.fake import Fake
from tests.banks.paybox import Paybox
from tests.banks.payfip import PayFiP
from tests.banks.payzen import PayZen
from tests.browser.conftest import PHONE, Visit
from tests.browser.every_page import AXE, EVERYTHING, RUN
from tests.browser.test_planning import box
from tests.serving import served

pytestmark = pytest.mark.browser

MEAL = "Rest Sco Pré Paiement 2018-2019"
WEEK = "/planning?vue=semaine&debut=2018-09-03"


@contextmanager
def street(folder: Path, empty: Path, fake: Fake) -> Iterator[str]:
    """Lens, whose till has this bank, in a database that was migrated before: the portal's address."""
    shutil.copy(empty, folder / "portail.sqlite3")
    content = tomllib.loads(commune_file.shipped("lens").read_text(encoding="utf-8"))
    content["commune"]["tills"][0]["provider"] = fake.name
    town, banks = folder / "lens.toml", folder / "banques.toml"
    town.write_text(tomli_w.dumps(content), encoding="utf-8")
    banks.touch(0o600)
    banks.write_text(tomli_w.dumps({"acm": fake.table()}), encoding="utf-8")
    now = "2018-08-27T10:00:00"
    try:
        with served(folder, "--demo", str(town), PORTAIL_NOW=now, PORTAIL_BANKS=str(banks)) as (_, address):
            yield address
    finally:
        fake.close()


async def at_the_recap(page: Page) -> None:
    await box(page, MEAL, "lundi 3").click()
    await page.get_by_role("link", name=re.compile("^Terminer")).click()
    await expect(page.get_by_role("button", name="Payer 3,40")).to_be_visible()


@pytest.mark.parametrize("bank", [PayFiP, Paybox, PayZen], ids=lambda bank: bank.name)
async def test_a_meal_is_paid_at_the_bank(
    tmp_path: Path, sqlite_template: Path, visit: Visit, bank: Any
) -> None:
    with street(tmp_path, sqlite_template, bank()) as address:
        page = await visit(address, "famille15", WEEK, **PHONE)
        await at_the_recap(page)
        await page.get_by_role("button", name="Payer 3,40").click()
        await page.get_by_role("button", name="Régler").click()
        await page.get_by_role("link", name="Retour à la boutique").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")
        await expect(page.locator(".receipt .total")).to_contain_text("3,40\u00a0€")


async def test_without_scripts_the_form_has_a_button(
    tmp_path: Path, sqlite_template: Path, visit: Visit
) -> None:
    with street(tmp_path, sqlite_template, PayZen()) as address:
        page = await visit(address, "famille15", WEEK, **PHONE)
        await at_the_recap(page)
        recap = page.url
        plain = await visit(address, None, "/connexion", java_script_enabled=False)
        await plain.context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
        await plain.goto(recap)
        await plain.get_by_role("button", name="Payer 3,40").click()
        await expect(plain.get_by_role("heading", level=1)).to_have_text("Vers le site de paiement")
        await plain.get_by_role("button", name="Aller au paiement").click()
        await plain.get_by_role("button", name="Régler").click()
        await plain.get_by_role("link", name="Retour à la boutique").click()
        await expect(plain.get_by_role("heading", level=1)).to_contain_text("Paiement réalisé avec succès")


async def test_the_page_that_leads_to_the_bank(tmp_path: Path, sqlite_template: Path, visit: Visit) -> None:
    """Looked at by axe, while the bank keeps the form waiting; and « Précédent » does not send it again."""
    with street(tmp_path, sqlite_template, PayZen()) as address:
        page = await visit(address, "famille15", WEEK, **PHONE)
        await at_the_recap(page)
        await page.route("**/vads-payment/", lambda route: route.fulfill(status=204))  # stay where you are
        await page.get_by_role("button", name="Payer 3,40").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Vers le site de paiement")
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(RUN, EVERYTHING) == []
        await page.unroute_all()
        await page.get_by_role("button", name="Aller au paiement").click()
        await expect(page.get_by_role("button", name="Régler")).to_be_visible()
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Vers le site de paiement")
        await page.wait_for_load_state("load")
        await expect(page.get_by_role("button", name="Aller au paiement")).to_be_visible()
