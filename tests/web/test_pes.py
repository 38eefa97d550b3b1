"""« Fichier pour la trésorerie »: what is asked, what would be refused, and the file of what is left to pay."""

from xml.etree import ElementTree

import pytest

from models import clock
from models.commune.till import Till
from models.families.family import Family
from models.money.invoice import Invoice
from models.work.audit_log import Event
from tests.certificates.town import at, live_2025
from tests.portal import Client
from tests.web.checkout import Parent, words

PLACE = "/mairie/exports/pes"
CODES = {
    "poste": "038012", "siret": "21380001200017", "collectivite": "816", "budget": "00", "produit": "CANT",
    "bordereau": "5", "debut": "2025-11-01", "fin": "2025-11-30",
}  # fmt: skip
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def camille(portal, monkeypatch: pytest.MonkeyPatch) -> Parent:
    """She owes 1,80 €, and here the accountant recovers from 1,50 €."""
    monkeypatch.setattr("models.exports.pes.LEAST", 150)
    return await live_2025(await portal("demo", now="2025-09-22T10:00:00"), monkeypatch)


@pytest.fixture
async def till(camille: Parent) -> Client:
    at("2025-12-03T09:00")
    return await camille.town.client("regie")


async def form() -> dict[str, str]:
    return {**CODES, "regie": str((await Till.get(code="scolaire")).id)}


async def test_the_file_holds_what_is_left_to_pay(camille: Parent, till: Client) -> None:
    page = words(await till.get_page(PLACE))
    assert "À valider avec la trésorerie." in page and "moins de 15,00 €" in page
    answer = await till.post_form(PLACE, await form())
    assert answer.status_code == 422
    assert "1 famille sans adresse complète" in words(answer.text) and "VF-1001" in words(answer.text)
    await Family.filter(id=camille.family).update(address="3 rue des Lilas\n38999 Val-Fleuri")
    answer = await till.post_form(PLACE, await form())
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 (our own)
    invoice = await Invoice.get(family_id=camille.family, before_portal=False)

    def value(name: str) -> str:
        return "".join(found.attrib["V"] for found in root.findall(f".//{name}"))

    assert value("MtHT") == value("MtBordHt") == "1.80" and value("Nom") == "DURAND"
    assert value("ObjPce") == f"FACTURE {invoice.number}" and value("Ville") == "VAL-FLEURI"
    assert value("NomFic") in answer.headers["content-disposition"]
    event = await Event.get(action="export.made")
    assert event.details == {"number": 1, "cents": 180, "small": 0}


async def test_what_would_be_refused_is_said(till: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for change, told in (
        ({"poste": "12"}, "Son codique, 6 ou 7 chiffres."),
        ({"siret": ""}, "Indiquez le Siret."),
        ({"debut": "2025-12-31"}, "se termine avant de commencer"),
        ({"debut": "2024-01-01", "fin": "2024-12-31"}, "Rien à recouvrer sur cette période"),
        ({"regie": "99"}, "Choisissez une réponse de la liste."),
    ):
        answer = await till.post_form(PLACE, {**await form(), **change})
        assert answer.status_code == 422 and told in words(answer.text), told
    monkeypatch.setattr("models.exports.pes.LEAST", 1500)
    answer = await till.post_form(PLACE, await form())
    assert answer.status_code == 422 and "Rien à recouvrer" in words(answer.text)
    assert not await Event.filter(action="export.made", at__lte=clock.now()).exists()
