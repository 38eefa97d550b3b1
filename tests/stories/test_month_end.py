"""A2: four meals are ticked in July, invoiced at the end of September, once, and the family is told."""

from collections.abc import Awaitable, Callable
from typing import Any

from models import clock
from models.invoicing.campaign import InvoiceCampaign
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.work.email import Email
from tests.documents import reading
from tests.portal import Client, Portal, hidden
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/facturation"


async def invoice_september(town: Portal, till: Client) -> str:
    """The whole campaign through the screens; what its last page says."""
    page = await till.get_page(PLACE)
    assert 'value="2022-09-30"' in page, "the day of the invoices"
    form = {
        "regie": page.split('<option value="')[1].split('"')[0],
        "debut": "2022-09-01",
        "fin": "2022-09-30",
    }
    answer = await till.post_form(PLACE, {**form, "date": "2022-09-30"})
    assert answer.status_code == 303
    place = answer.headers["location"]
    assert "Les brouillons se préparent" in words(await till.get_page(place))
    await town.run_jobs()
    page = await till.get_page(f"{place}?etape=emission")
    answer = await till.post_form(f"{place}/emission", {"mot": "émettre", "lu": hidden(page, "lu")})
    assert answer.status_code == 303
    await town.run_jobs()
    return words(await till.get_page(place))


async def test_a_month_is_invoiced_once_through_the_screens(portal: OpenPortal) -> None:
    def member(file: dict[str, Any]) -> None:
        file["families"][0]["children"][0]["members"] = ["cantine"]

    town = await portal("alixan", now="2022-07-04T14:00:00", change=member)
    paule = await parent(town, "paule.martin")
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-01", "2022-09-02", "2022-09-05", "2022-09-06")
    assert "Total de vos modifications à l’unité : 20,00 €" in words(await paule.recap())
    assert "/banque" not in (await paule.click()).headers["location"]
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    till = await town.client("regie")
    assert "1 facture émise, 20,00 €" in await invoice_september(town, till)
    assert "0 facture émise, 0,00 €" in await invoice_september(town, till)
    invoice = await Invoice.get()
    assert (invoice.number, invoice.cents) == ("2022-00001", 2000)
    email = await Email.get(key__startswith="invoice")
    assert "20,00 €" in email.text.replace("\u00a0", " ")
    paper = await IssuedDocument.get(kind="invoice")
    assert "20,00 €" in reading.words(paper.content)
    answer = await till.get(f"/mairie/factures/{invoice.id}/pdf")
    assert answer.content == paper.content and answer.headers["content-type"] == "application/pdf"
    said = words(await till.get_page("/mairie/factures"))
    assert "2022-00001" in said and "Paule Martin" in said
    assert await InvoiceCampaign.filter(state="issued").count() == 2
    await town.verify()
