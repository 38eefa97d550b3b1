"""What the demo bank tells the portal, and how a notification proves itself."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import banks, settings
from models.banks import demo
from models.banks.demo import SIGNATURE, DemoBank, NotDelivered
from models.commune.till import Till
from tests.engines import ON_SQLITE
from tests.models.demo_bank import (
    BASE,
    MERCHANT,
    paid,
)

OLD, NEW = "o" * 40, "n" * 40

BODY = '{"cents": 1690, "merchant": "CANTINE D’ALIXAN", "state": "paid"}'.encode()
SIGNED = demo._sign(demo._signing_key(NEW), BODY)


@pytest.fixture
def bank() -> DemoBank:
    return DemoBank(BASE, [OLD, NEW])


def answering(monkeypatch: pytest.MonkeyPatch, status: int) -> list[httpx.Request]:
    """The portal, as the bank's HTTP client meets it."""
    received: list[httpx.Request] = []
    client = httpx.AsyncClient

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(status)

    made: Callable[..., httpx.AsyncClient] = lambda **options: client(  # noqa: E731
        **options, transport=httpx.MockTransport(answer)
    )
    monkeypatch.setattr(httpx, "AsyncClient", made)
    return received


async def sent(bank: DemoBank, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, dict[str, str]]:
    row = await paid(bank)
    received = answering(monkeypatch, 200)
    await bank.notify(row.id)
    return received[0].content, dict(received[0].headers)


async def test_a_notification_is_read_as_what_the_bank_would_answer(
    db: Any, bank: DemoBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Till.create(code="acm", name="Régie", bank_label=MERCHANT)
    body, headers = await sent(bank, monkeypatch)
    assert await bank.read(body, headers) == await bank.ask("PF-0001")


@ON_SQLITE
async def test_any_of_the_keys_proves_a_notification(
    db: Any, bank: DemoBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Till.create(code="acm", name="Régie", bank_label=MERCHANT)
    body, headers = await sent(bank, monkeypatch)
    newer = DemoBank(BASE, [NEW, "x" * 40])
    stranger = DemoBank(BASE, [OLD])
    assert await newer.read(body, headers)
    assert await stranger.read(body, headers) is None


@pytest.mark.parametrize("change", [("mode", "prod"), ("currency", "USD"), ("merchant", "AUTRE COMMUNE")])
async def test_another_mode_currency_or_merchant_is_not_ours(
    db: Any, bank: DemoBank, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]
) -> None:
    await Till.create(code="acm", name="Régie", bank_label=MERCHANT)
    said = {"mode": "demo", "currency": "EUR", "merchant": MERCHANT} | dict([change])
    body = httpx.Request("POST", BASE, json=said).content
    assert await bank.read(body, {SIGNATURE: demo._sign(bank.keys[-1], body)}) is None


@pytest.mark.parametrize("status", [204, 302, 400, 500])
async def test_a_portal_that_does_not_take_it_is_told_again(
    db: Any, bank: DemoBank, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    row = await paid(bank)
    answering(monkeypatch, status)
    with pytest.raises(NotDelivered):
        await bank.notify(row.id)


@given(place=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_no_byte_of_a_notification_can_be_changed(place: int, flip: int) -> None:
    """No database here: what is forged is refused before anything is looked up."""
    body = bytearray(BODY)
    body[place] ^= flip
    assert asyncio.run(DemoBank(BASE, [OLD, NEW]).read(bytes(body), {SIGNATURE: SIGNED})) is None


@given(st.text() | st.sampled_from([SIGNED[:-1], SIGNED.upper(), f" {SIGNED}"]))
def test_no_other_signature_passes(signature: str) -> None:
    assert asyncio.run(DemoBank(BASE, [OLD, NEW]).read(BODY, {SIGNATURE: signature})) is None


def test_a_missing_signature_does_not_pass() -> None:
    assert asyncio.run(DemoBank(BASE, [OLD, NEW]).read(BODY, {})) is None


def test_a_portal_without_demo_has_no_bank(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(banks, "_banks", {})
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    for demo_only in (True, False):
        banks.configure(settings.read(demo=demo_only))
        till = Till(online=True)
        bank = banks.of_till(till)
        assert (bank and bank.name) == ("demo" if demo_only else None)
        assert banks.of_till(Till(online=False)) is None
    with pytest.raises(banks.UnknownBank):
        banks.bank("demo")
