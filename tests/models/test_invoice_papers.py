"""The paper of an invoice is drawn once, after it is issued; it says what the books say."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import clock
from models.bookings.booking import Booking
from models.families.family import Family
from models.invoicing import crediting
from models.invoicing.crediting import Correction
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.rules.states.documents import DocumentKind
from models.work.email import Email
from models.work.task import Task
from tests.documents.reading import words
from tests.engines import ON_SQLITE
from tests.models.invoicing import SEPTEMBER, drafted, issued
from tests.portal import Portal
from tests.web.checkout import Parent, parent

OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def paule(portal: OpenPortal) -> Parent:
    def members(file: dict[str, Any]) -> None:
        file["families"][0]["children"][0]["members"] = ["cantine"]

    town = await portal("alixan", now="2022-07-04T14:00:00", change=members)
    paule = await parent(town, "paule.martin")
    await paule.tick("Louis", "Cantine d'Alixan", "2022-09-01", "2022-09-02", "2022-09-05", "2022-09-06")
    await paule.click()
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    return paule


async def test_the_paper_says_what_the_books_say(paule: Parent) -> None:
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    invoice = await Invoice.get()
    paper = await IssuedDocument.of(DocumentKind.INVOICE, invoice.id)
    assert paper and paper.name == "facture-2022-00001.pdf"
    said = words(paper.content)
    for one in (
        "2022-00001",
        "Louis Martin",
        "20,00 €",
        "5,00 €",
        "1er, 2, 5 et 6 sept.",
        "30/10/2022",
        "Paule Martin",
    ):
        assert one in said, one
    await Task.filter(name="draw_papers").update(state="ready")
    await paule.town.run_jobs()
    assert await IssuedDocument.filter(kind=DocumentKind.INVOICE).count() == 1
    await paule.town.verify()


@ON_SQLITE
async def test_a_credit_note_says_what_becomes_of_its_amount(paule: Parent) -> None:
    await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    days = frozenset(booking.id for booking in await Booking.filter(day__lte="2022-09-02"))
    correction = Correction(days, "Sortie scolaire", False)
    note = await crediting.credit((await Invoice.get()).id, correction, 1, clock.now())
    await paule.town.run_jobs()
    paper = await IssuedDocument.of(DocumentKind.CREDIT_NOTE, note.id)
    assert paper
    said = words(paper.content)
    for one in ("A2022-00001", "2022-00001", "Sortie scolaire", "10,00 €", "déduits de ce qui reste à payer"):
        assert one in said, one


async def test_those_that_go_by_post_are_one_file_and_no_email(paule: Parent) -> None:
    await Family.filter(id=paule.family).update(
        invoice_delivery="post", address="3 rue des Lilas\n26300 Alixan"
    )
    campaign = await issued(paule.town, await drafted(paule.town, *SEPTEMBER))
    letters = await IssuedDocument.of(DocumentKind.LETTERS, campaign.id)
    assert letters and "3 rue des Lilas" in words(letters.content)
    assert not await Email.filter(key__startswith="invoice").exists()
