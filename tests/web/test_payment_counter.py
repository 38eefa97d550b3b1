"""What a family sees of a payment at the till's counter: its page, its paper, its e-mail."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.counter import reversal
from models.counter.receipt import Receipt
from models.rules.states.payments import PaymentMethod
from models.work.email import Email
from tests.models.counter import NOW, Payer, payer
from tests.portal import Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    return await portal("demo", now=NOW)


@pytest.fixture
async def linh(town: Portal) -> Payer:
    return await payer("linh.nguyen")


async def test_the_family_sees_what_it_paid_at_the_counter(town: Portal, linh: Payer) -> None:
    receipt = await linh.hand(
        PaymentMethod.CHEQUE, 200, paper_number="0000123", bank="Banque postale", drawer="Linh Nguyen"
    )
    assert receipt
    await town.run_jobs()
    parent = await town.client("linh.nguyen")
    ticket = f"/paiement/{receipt.payment_id}"
    said = words(await parent.get_page(ticket))
    for one in ("Paiement reçu au guichet", receipt.number, "chèque", "0000123, Banque postale", "PERI-0498"):
        assert one in said, one
    paper = await parent.get(f"/paiement/{receipt.payment_id}/recu")
    assert paper.content.startswith(b"%PDF") and receipt.number in paper.headers["content-disposition"]
    assert f"chèque, reçu n° {receipt.number}" in words(await parent.get_page(f"/factures/{linh.dues[0].id}"))
    assert receipt.number in words(await parent.get_page("/factures/historique?annee=2025"))
    assert f"Paiement par chèque, reçu n° {receipt.number}" in words(
        await parent.get_page("/compte/historique")
    )
    assert "Au guichet, chèque" in words(await parent.get_page("/paiements"))
    letter = await Email.filter(subject__contains="Reçu de paiement").first()
    assert letter and receipt.number in letter.text and "chèque" in letter.text
    await reversal.reverse(receipt, "Chèque impayé", linh.cashier, clock.now())
    said = words(await parent.get_page(ticket))
    assert "Paiement annulé par la mairie" in said and "Chèque impayé" in said and "Reprendre" not in said
    assert "Annulé par la mairie" in words(await parent.get_page("/paiements"))
    assert "Paiement annulé, reçu" in words(await parent.get_page("/compte/historique"))


async def test_a_receipt_that_is_not_drawn_is_no_paper_yet(town: Portal, linh: Payer) -> None:
    await linh.hand(PaymentMethod.CASH)
    parent = await town.client("linh.nguyen")
    await parent.get_page(f"/paiement/{(await Receipt.get()).payment_id}/recu", status=404)
