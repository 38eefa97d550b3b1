"""What a payment is for: an order and the debt it took over, or an invoice, or an advance, with no order at all."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise.exceptions import BaseORMException

from models import clock
from models.banks import BankNotice
from models.checkout import settlement
from models.money import ledger
from models.money.anomaly import Anomaly
from models.money.invoice import Invoice
from models.money.payment import Payment, PaymentPart
from models.storage.database import client, transaction
from models.work.email import Email
from tests.engines import ON_SQLITE
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

OpenPortal = Callable[..., Awaitable[Portal]]
NOW = "2025-09-22T10:00:00"
OWED = 1880  # of PERI-0498


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    town = await portal("demo", now=NOW)
    hear_the_bank(town, monkeypatch)
    return town


async def for_an_invoice(advance: int = 0) -> Payment:
    invoice = await Invoice.get(number="PERI-0498")
    parts = [PaymentPart(kind="invoice", invoice_id=invoice.id, cents=OWED)]
    if advance:
        parts.append(PaymentPart(kind="advance", cents=advance))
    row = Payment(
        family_id=invoice.family_id,
        till_id=invoice.till_id,
        provider="demo",
        reference="FOR-AN-INVOICE",
        made_at=clock.now(),
    )
    async with transaction():
        return await Payment.prepare(row, parts)


async def bank_says(payment: Payment, state: Any) -> Payment:
    await settlement.settle(
        BankNotice("demo", payment.reference, state, payment.cents, "4970", "A", "T"), clock.now()
    )
    return await Payment.get(id=payment.id)


@ON_SQLITE
async def test_an_order_that_takes_over_a_debt_is_paid_in_two_parts(town: Portal) -> None:
    sophie = await parent(town, "sophie.moreau")
    await sophie.tick("Emma", "Repas de midi", "2025-10-06")
    await sophie.pay()
    payment = await Payment.get().select_related("order")
    order: Any = payment.order
    assert order.debt > 0
    told = await PaymentPart.all().order_by("id").values_list("kind", "order_id", "till_id", "cents")
    assert told == [
        ("order", order.id, None, order.due - order.debt),
        ("debt", None, payment.till_id, order.debt),
    ]
    await town.verify()


async def test_an_invoice_is_paid_without_any_order(town: Portal) -> None:
    payment = await for_an_invoice(advance=500)
    assert payment.cents == OWED + 500 and payment.order_id is None
    await settlement.begin(payment.id, clock.now())
    before = (await ledger.open_invoices(payment.family_id))[payment.till_id]
    stood = await ledger.standing(payment.family_id, payment.till_id)
    assert before == (1, OWED)
    for _ in range(2):
        assert (await bank_says(payment, "paid")).state == "paid"
    assert payment.till_id not in await ledger.open_invoices(payment.family_id)
    assert await ledger.standing(payment.family_id, payment.till_id) == stood - 500
    assert await Anomaly.all().count() == 0
    await town.run_jobs()
    assert await Email.filter(key__startswith=f"payment_received:payment:{payment.id}:").count() > 0
    await town.verify()


async def test_an_invoice_that_was_not_paid_stays_due(town: Portal) -> None:
    payment = await for_an_invoice()
    await settlement.begin(payment.id, clock.now())
    assert (await bank_says(payment, "refused")).state == "refused"
    assert (await ledger.open_invoices(payment.family_id))[payment.till_id] == (1, OWED)
    assert (await bank_says(payment, "paid")).state == "paid"
    await town.verify()


@ON_SQLITE
async def test_its_page_tells_what_was_paid(town: Portal) -> None:
    payment = await for_an_invoice()
    linh = await parent(town, "linh.nguyen")
    assert linh.family == payment.family_id
    for state, said in (("cancelled", "Paiement annulé"), ("paid", "Paiement réalisé avec succès")):
        await bank_says(payment, state)
        page = await linh.browser.get_page(f"/paiement/{payment.id}")
        assert said in page
    assert "18,80" in page


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "order"},
        {"kind": "order", "invoice_id": 1},
        {"kind": "invoice", "till_id": 1},
        {"kind": "invoice", "invoice_id": 1, "till_id": 1},
        {"kind": "debt"},
        {"kind": "advance", "till_id": 1},
        {"kind": "gift"},
        {"kind": "advance", "cents": 0},
    ],
    ids=str,
)
async def test_a_part_is_for_just_one_thing(town: Portal, part: dict[str, Any]) -> None:
    payment = await for_an_invoice()
    with pytest.raises(BaseORMException, match=r"CHECK|check constraint"):
        await PaymentPart.create(**{"payment_id": payment.id, "cents": 5, **part})
    assert await PaymentPart.all().count() == 1


async def test_what_a_payment_is_for_never_changes(town: Portal) -> None:
    await for_an_invoice()
    for statement in ("UPDATE payment_part SET cents = cents + 1", "DELETE FROM payment_part"):
        with pytest.raises(Exception, match="append-only"):
            await client().execute_query(statement)


@ON_SQLITE
async def test_nor_is_it_for_the_same_thing_twice(town: Portal) -> None:
    payment = await for_an_invoice()
    invoice = await Invoice.get(number="PERI-0498")
    with pytest.raises(BaseORMException):
        await PaymentPart.create(payment_id=payment.id, kind="invoice", invoice_id=invoice.id, cents=5)
    await PaymentPart.create(payment_id=payment.id, kind="advance", cents=5)
    with pytest.raises(BaseORMException):
        await PaymentPart.create(payment_id=payment.id, kind="advance", cents=5)
