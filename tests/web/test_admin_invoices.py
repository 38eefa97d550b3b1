"""« Factures »: the list, one invoice, and the credit note that corrects it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from models import clock
from models.bookings.booking import Booking
from models.invoicing import invoice_list
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice
from models.money.issued_document import IssuedDocument
from models.storage.paging import Cut
from tests.models.invoicing import drafted, issued
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/factures"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Two mornings of Lina’s are on an invoice; three others came with the commune file."""

    def large(file: dict[str, Any]) -> None:
        for till in file["commune"]["tills"]:
            till.pop("least_invoice", None)

    town = await portal("demo", now="2025-09-22T10:00:00", change=large)
    camille = await parent(town, "camille.durand")
    await camille.tick("Lina", "Accueil du matin", "2025-10-06", "2025-10-07")
    await camille.click()
    clock.shift_to(clock.datetime(2025, 11, 3, 9, tzinfo=clock.PARIS))
    await issued(town, await drafted(town, date(2025, 10, 1), date(2025, 10, 31)))
    return town


@pytest.fixture
async def till(town: Portal) -> Client:
    return await town.client("regie")


async def test_the_list_is_filtered_and_exported(town: Portal, till: Client) -> None:
    invoice = await Invoice.get(before_portal=False)
    said = words(await till.get_page(PLACE))
    assert "4 factures émises" in said and invoice.number in said and "Camille Durand" in said
    for asked, there in (
        ("etat=a-payer", True),
        ("etat=en-retard", False),
        ("etat=payees", False),
        ("recherche=durand", True),
        ("recherche=moreau", False),
        (f"regie={invoice.till_id}", True),
    ):
        file = (await till.get(f"{PLACE}?{asked}&export=csv")).content.decode("utf-8-sig")
        assert (invoice.number in file) is there, asked
    clock.shift_to(clock.datetime(2026, 1, 3, 9, tzinfo=clock.PARIS))
    today, every = clock.now().date(), Cut("issued", size=1000)
    counts = await invoice_list.counts(today)
    for state in ("", "due", "late", "settled"):
        assert counts[state or "all"] == len(
            (await invoice_list.page(every, state=state, today=today)).rows
        ), state
    assert counts["late"] > 0 and counts["settled"] > 0
    assert "échéance 03/12/2025, dépassée" in words(await till.get_page(f"{PLACE}?etat=en-retard"))


async def test_an_invoice_is_read_whole(town: Portal, till: Client) -> None:
    invoice = await Invoice.get(before_portal=False)
    said = words(await till.get_page(f"{PLACE}/{invoice.id}"))
    for one in (
        invoice.number,
        "Accueil du matin",
        "Du 01/10/2025 au 31/10/2025",
        "lundi 6 octobre 2025",
        "Camille",
    ):
        assert one in said, one
    paper = await till.get(f"{PLACE}/{invoice.id}/pdf")
    assert paper.content.startswith(b"%PDF")
    old = await Invoice.filter(before_portal=True).first()
    assert old
    assert "Établir l’avoir" not in await till.get_page(f"{PLACE}/{old.id}")
    bare = await Invoice.create(
        family_id=old.family_id,
        till_id=old.till_id,
        number="X",
        issued_on=old.issued_on,
        cents=0,
        before_portal=True,
    )
    assert "Le document est en préparation." in words(await till.get_page(f"{PLACE}/{bare.id}/pdf"))


async def test_a_credit_note_takes_what_is_ticked(town: Portal, till: Client) -> None:
    invoice, day = await Invoice.get(before_portal=False), (await Booking.get(day="2025-10-06")).id
    place = f"{PLACE}/{invoice.id}"
    for form, said in (
        ({}, "Cochez au moins un jour."),
        ({"jour": day}, "Indiquez le motif de l’avoir."),
        ({"jour": day, "motif": "Erreur"}, "Dites ce que deviennent ces jours."),
        ({"jour": 999, "motif": "Erreur", "suite": "offrir"}, "ne sont plus sur cette facture"),
    ):
        answer = await till.post_form(f"{PLACE}/{invoice.id}/avoir", form)
        assert answer.status_code == 422 and said in words(answer.text)
    answer = await till.post_form(
        f"{PLACE}/{invoice.id}/avoir", {"jour": day, "motif": "Erreur", "suite": "refacturer"}
    )
    assert answer.status_code == 303
    note = await CreditNote.get()
    await town.run_jobs()
    said = words(await till.get_page(place))
    assert note.number in said and f"repris par l’avoir {note.number}" in said
    paper = await IssuedDocument.get(kind="credit_note")
    assert (await till.get(f"/mairie/factures/avoirs/{note.id}/pdf")).content == paper.content
    await town.verify()
