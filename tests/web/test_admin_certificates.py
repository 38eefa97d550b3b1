"""« Attestations fiscales »: prepared, read, issued in one action, printed; and what the family finds of it."""

import pytest

from models.certificates.certificate import Certificate
from models.certificates.run import CertificateRun
from models.work.audit_log import Event
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


async def test_from_the_sums_to_the_papers(camille: Parent, till: Client) -> None:
    """Jules’s Wednesday: 0,45 % of 980 € less 30 %, 3,09 €."""
    said = words(await till.get_page(PLACE))
    assert "Aucune attestation pour 2025." in said and "Préparer celles de 2025" in said
    answer = await till.post_form(PLACE, {"annee": "2025"})
    assert answer.status_code == 303 and answer.headers["location"] == f"{PLACE}?annee=2025"
    assert "Les sommes de 2025 se calculent…" in words(await till.get_page(PLACE))
    run = await CertificateRun.get()
    part = await till.get(f"{PLACE}/ensemble/{run.id}/avancement")
    assert "se calculent" in part.text and "hx-refresh" not in part.headers
    await camille.town.run_jobs()
    part = await till.get(f"{PLACE}/ensemble/{run.id}/avancement")
    assert part.headers["hx-refresh"] == "true"

    page = await till.get_page(PLACE)
    said = words(page)
    assert "2 attestations prêtes, 12,09 €" in said and "Établir les 2 attestations" in said
    assert "Camille et Olivier Durand" in said and "9,00 €" in said and "Mercredis loisirs 7,50 €" in said
    assert said.count("à établir") == 2 and "Lina" not in said
    assert not await Certificate.filter(issued_on__not_isnull=True).exists()
    form = {"lu": hidden(page, "lu")}
    wrong = await till.post_form(f"{PLACE}/ensemble/{run.id}/etablissement", {"lu": "1-2-3"})
    assert wrong.status_code == 422 and "Relisez-les" in words(wrong.text)
    assert (await till.post_form(f"{PLACE}/ensemble/{run.id}/etablissement", form)).status_code == 303
    assert "0 sur 2 attestations" in words(await till.get_page(PLACE))
    wrong = await till.post_form(PLACE, {"annee": "2025"})
    assert wrong.status_code == 422 and "en train de partir" in words(wrong.text)
    await camille.town.run_jobs()

    page = await till.get_page(PLACE)
    said = words(page)
    assert "Toutes en un seul Pdf" in said and "Chercher ce qui a changé" in said and "à établir" not in said
    one = await Certificate.get(family_id=camille.family)
    paper = await till.get(f"{PLACE}/{one.id}/pdf")
    assert "9,00 €" in printed(paper.content) and paper.headers["content-type"] == "application/pdf"
    together = await till.get(f"{PLACE}/ensemble/{run.id}/pdf")
    assert "Jules Moreau" in printed(together.content) and "Noé Durand" in printed(together.content)
    actions = [event.action for event in await Event.filter(action__startswith="certificates").order_by("id")]
    assert actions == ["certificates.prepared", "certificates.issuing", "certificates.issued"]


async def test_a_year_is_chosen_and_a_list_searched(camille: Parent, till: Client) -> None:
    await till.post_form(PLACE, {"annee": "2025"})
    await camille.town.run_jobs()
    assert "Aucune attestation pour 2024." in words(await till.get_page(f"{PLACE}?annee=2024"))
    said = words(await till.get_page(f"{PLACE}?recherche=moreau"))
    assert "Sophie Moreau" in said and "Camille et Olivier Durand" not in said
    assert "Rien ne correspond" in words(await till.get_page(f"{PLACE}?recherche=personne"))
    sums = words(await till.get_page(f"{PLACE}?tri=-somme"))
    assert sums.index("Camille et Olivier") < sums.index("Sophie Moreau")
    for year in ("2026", "2019", "x", ""):
        assert (await till.post_form(PLACE, {"annee": year})).status_code == 404


async def test_nothing_new_is_said(camille: Parent, till: Client) -> None:
    for _ in range(2):
        await till.post_form(PLACE, {"annee": "2025"})
        await camille.town.run_jobs()
        page = await till.get_page(PLACE)
        if 'name="lu"' in page:
            run = await CertificateRun.get()
            await till.post_form(f"{PLACE}/ensemble/{run.id}/etablissement", {"lu": hidden(page, "lu")})
            await camille.town.run_jobs()
    assert "Rien de nouveau à établir pour 2025." in words(await till.get_page(PLACE))
    await till.post_form(PLACE, {"annee": "2023"})
    await camille.town.run_jobs()
    said = words(await till.get_page(f"{PLACE}?annee=2023"))
    assert "Aucune famille n’a payé de garde pour un enfant de moins de six ans en 2023." in said
