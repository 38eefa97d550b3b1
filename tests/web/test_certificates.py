"""« Mes attestations fiscales »: the family finds the one that stands, and its very bytes."""

import pytest

from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from tests.certificates.town import at, live_2025, pay_invoice
from tests.documents.reading import words as printed
from tests.portal import Client, hidden
from tests.web.checkout import Parent, words

PLACE = "/mairie/attestations"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def camille(portal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    camille = await live_2025(await portal("demo", now="2025-09-22T10:00:00"), monkeypatch)
    await pay_invoice(camille.family, 100, "2025-12-20T10:00")
    at("2026-01-12T09:00")
    return camille


@pytest.fixture
async def till(camille: Parent) -> Client:
    return await camille.town.client("regie")


async def test_the_family_finds_the_one_that_stands(camille: Parent, till: Client) -> None:
    browser = camille.browser
    assert "Aucune attestation pour le moment." in words(await browser.get_page("/factures/attestations"))
    await till.post_form(PLACE, {"annee": "2025"})
    await camille.town.run_jobs()
    one = await Certificate.get(family_id=camille.family)
    assert (await browser.get(f"/factures/attestations/{one.id}/pdf")).status_code == 404
    assert "Aucune attestation" in words(await browser.get_page("/factures/attestations"))
    run, page = await CertificateRun.get(), await till.get_page(PLACE)
    await till.post_form(f"{PLACE}/ensemble/{run.id}/etablissement", {"lu": hidden(page, "lu")})
    await camille.town.run_jobs()
    page = await browser.get_page("/factures/attestations")
    assert "Année 2025" in words(page) and "9,00 €" in words(page)
    paper = await browser.get(f"/factures/attestations/{one.id}/pdf")
    assert "Noé Durand" in printed(paper.content) and paper.headers["cache-control"] == "no-store"
    assert "attachment" in paper.headers["content-disposition"]
