"""A passkey in Chromium, with an authenticator that the browser makes up: added, signed out, signed in by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from models.access.passwords import DEMO_PASSWORD
from tests.browser.conftest import PHONE, Visit
from tests.serving import prepare, served

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(store: Path, sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """Of a portal that has a name: no device makes keys for a number."""
    known, now = ("--demo", "lens"), {"PORTAIL_NOW": "2018-08-27T10:00:00"}
    prepare(store, sqlite_template, tmp_path, *known, **now)
    with served(tmp_path, "--host", "localhost", *known, **now) as (_, address):
        yield address


async def test_a_key_is_added_then_opens_the_account(address: str, visit: Visit) -> None:
    page = await visit(address, "famille15", "/compte", **PHONE)
    device = await page.context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    await device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    await page.get_by_role("link", name="Gérer mes clés d’accès").tap()
    await page.get_by_label("Mot de passe actuel").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Continuer").tap()
    await page.get_by_role("button", name="Créer la clé").tap()
    await expect(page.get_by_text("La clé d’accès est ajoutée.")).to_be_visible()
    await page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    await page.goto("/compte")
    await page.locator("#appareils").get_by_role("button", name="Se déconnecter").tap()
    await page.wait_for_url(address + "/")
    await page.goto("/connexion?suite=/factures")
    await page.get_by_role("button", name="Utiliser une clé d’accès").tap()
    await page.wait_for_url(address + "/factures")
    await page.goto("/compte/cles")
    await expect(page.get_by_text("utilisée le")).to_be_visible()
