"""The demo bank's notifications."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from models import banks, clock
from models.banks import BankNotice, demo
from models.banks.demo import SIGNATURE, DemoBank, _sign
from models.bookings.order import Order
from models.checkout import settlement
from models.commune.till import Till
from models.families.family import Family
from models.money.anomaly import Anomaly
from models.money.payment import Payment
from models.settings import Settings
from models.work.audit_log import Event
from tests.engines import ON_SQLITE
from tests.web.bank_demo import MERCHANT, REFERENCE, Bank
from web.components.bank_demo.bank_demo import FORGERIES


@pytest.fixture
async def bank(db: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bank]:
    monkeypatch.setattr(banks, "_banks", {})
    banks.configure(settings)
    made = Bank(settings)
    await made.start()
    async with made.client:
        yield made


@pytest.fixture
async def payment(bank: Bank) -> Payment:
    now = clock.now()
    till = await Till.create(code="periscolaire", name="Régie", bank_label=MERCHANT)
    family = await Family.create(number="1")
    order = await Order.create(
        family=family, till=till, kind="prepaid", state="held", click="c", net=1690, due=1690, made_at=now
    )
    return await Payment.create(
        order=order, family=family, till=till, provider="demo", reference=REFERENCE, cents=1690, made_at=now
    )


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[BankNotice]:
    """What reaches the portal's books, which have their own tests."""
    notices: list[BankNotice] = []

    async def settle(notice: BankNotice, now: datetime) -> None:
        notices.append(notice)

    monkeypatch.setattr(settlement, "settle", settle)
    return notices


@pytest.fixture
def over_http(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bank's calls reach the portal."""
    client = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: client(**options, transport=bank.transport))


@ON_SQLITE
async def test_a_notification_reaches_the_payment(
    bank: Bank, payment: Payment, settled: list[BankNotice], over_http: None
) -> None:
    await bank.at_the_code()
    await bank.send("code", code="123456")
    await bank.notify()
    await bank.notify()
    said = await bank.port.ask(REFERENCE, demo.NOTHING)
    assert said.state == "paid"
    assert settled == [said, said]  # settling twice is the payment's business


@ON_SQLITE
async def test_a_forged_notification_is_noted_and_changes_nothing(
    bank: Bank, payment: Payment, settled: list[BankNotice]
) -> None:
    body = b'{"state": "paid", "reference": "PF-0001", "cents": 1690}'
    for headers in ({}, {SIGNATURE: "0" * 64}, {SIGNATURE: "é".encode().decode("latin-1")}):
        answer = await bank.client.post(
            "/banque/demo/notification",
            content=body,
            headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
        )
        assert answer.status_code == 400
    assert settled == []
    assert (await Payment.get()).state == "created"
    assert [row.details for row in await Event.filter(action="bank.forged")] == [{"bytes": len(body)}] * 3


def a_notice(**changes: Any) -> bytes:
    said = {
        "mode": "demo", "currency": "EUR", "merchant": MERCHANT, "reference": REFERENCE, "state": "paid",
        "cents": 1690, "card": None, "authorisation": None, "transaction": None,
    }  # fmt: skip
    return json.dumps({**said, **changes}).encode()


MALFORMED = {
    "no JSON": b"state=paid",
    "not even text": b"\xff\xfe",
    "nested without end": b"[" * 100_000,
    "a list": b"[]",
    "a word": b'"paid"',
    "nothing said": b"{}",
    "a number as merchant": a_notice(merchant=3),
    "a list as merchant": a_notice(merchant=["x"]),
    "a merchant that PostgreSQL refuses": a_notice(merchant="\0"),
    "an unknown state": a_notice(state="perhaps"),
    "a list as state": a_notice(state=["paid"]),
    "cents as text": a_notice(cents="1690"),
    "cents in halves": a_notice(cents=16.9),
    "cents that are true": a_notice(cents=True),
    "less than nothing": a_notice(cents=-1),
    "more than a column holds": a_notice(cents=2**63),
    "no reference": a_notice(reference=None),
    "a reference that PostgreSQL refuses": a_notice(reference="PF\0"),
    "half a letter": a_notice(reference="\ud800"),
    "a reference too long": a_notice(reference="P" * 31),
    "an authorisation too long": a_notice(authorisation="1" * 31),
    "a card as number": a_notice(card=4970),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_signed_notification_that_says_nothing_of_sense_is_refused(
    bank: Bank, payment: Payment, settled: list[BankNotice], body: bytes
) -> None:
    assert isinstance(bank.port, DemoBank)
    headers = {SIGNATURE: _sign(bank.port.keys[-1], body)}
    answer = await bank.client.post("/banque/demo/notification", content=body, headers=headers)
    assert answer.status_code == 400 and settled == []
    assert await Event.filter(action="bank.forged").count() == 1
    good = a_notice()
    headers = {SIGNATURE: _sign(bank.port.keys[-1], good)}
    answer = await bank.client.post("/banque/demo/notification", content=good, headers=headers)
    assert answer.status_code == 200 and len(settled) == 1


@ON_SQLITE
async def test_many_forgeries_do_not_fill_the_journal(bank: Bank) -> None:
    for _ in range(FORGERIES + 5):
        assert (await bank.client.post("/banque/demo/notification", content=b"{}")).status_code == 400
    assert await Event.filter(action="bank.forged").count() == FORGERIES


async def test_a_payment_we_never_made_is_noted_once_and_taken(bank: Bank, over_http: None) -> None:
    await Till.create(code="periscolaire", name="Régie", bank_label=MERCHANT)
    await bank.send("annulation")
    await bank.notify()
    await bank.notify()
    assert [(row.kind, row.reference, row.cents) for row in await Anomaly.all()] == [
        ("unknown", REFERENCE, 1690)
    ]
    assert [row.object for row in await Event.filter(action="bank.anomaly")] == [f"payment:{REFERENCE}"]


@ON_SQLITE
async def test_a_notification_of_an_unknown_bank_is_a_404(bank: Bank) -> None:
    assert (await bank.client.post("/banque/autre/notification", content=b"{}")).status_code == 404
