"""Papers are kept as they were issued, under numbers without a hole."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.commune.till import Till
from models.money.issued_document import IssuedDocument
from models.money.number_series import NumberSeries
from models.rules.states.documents import DocumentKind
from models.storage.database import client, retrying, rows, transaction
from models.storage.integrity import verify
from tests.engines import ON_SQLITE
from tests.portal import Portal

OpenPortal = Callable[..., Awaitable[Portal]]
RECEIPT = DocumentKind.RECEIPT


@pytest.fixture
async def till(portal: OpenPortal) -> int:
    await portal("demo", now="2025-09-22T10:00:00")
    return (await Till.all().order_by("id"))[0].id


class _TakeBack(Exception):
    """Ends a transaction."""


@ON_SQLITE
async def test_a_number_is_used_once_and_none_is_left_out(till: int) -> None:
    async def issue(n: int) -> int | None:
        async def one() -> int:
            async with transaction():
                number = await NumberSeries.take(till, 2025, RECEIPT)
                if n % 3 == 0:
                    raise _TakeBack
                return number

        try:
            return await retrying(one)
        except _TakeBack:
            return None

    taken = await asyncio.gather(*(issue(n) for n in range(30)))
    assert sorted(number for number in taken if number) == list(range(1, 21))


async def test_tills_years_and_kinds_count_apart(till: int) -> None:
    other = (await Till.create(code="other", name="Autre", bank_label="AUTRE")).id
    async with transaction():
        numbers = [
            await NumberSeries.take(till, 2025, RECEIPT),
            await NumberSeries.take(till, 2026, RECEIPT),
            await NumberSeries.take(till, 2025, DocumentKind.INVOICE),
            await NumberSeries.take(other, 2025, RECEIPT),
            await NumberSeries.take(till, 2025, RECEIPT),
        ]
    assert numbers == [1, 1, 1, 1, 2]


async def test_the_first_paper_stays(till: int) -> None:
    assert await IssuedDocument.store(RECEIPT, 7, None, "quittance-7.pdf", b"first", clock.now())
    assert not await IssuedDocument.store(RECEIPT, 7, None, "quittance-7.pdf", b"second", clock.now())
    kept = await IssuedDocument.of(RECEIPT, 7)
    assert kept and bytes(kept.content) == b"first" and kept.size == 5
    assert await IssuedDocument.of(DocumentKind.INVOICE, 7) is None
    for change in ("UPDATE issued_document SET name = 'x'", "DELETE FROM issued_document"):
        with pytest.raises(Exception, match="append-only"):
            await client().execute_query(change)


@pytest.mark.parametrize("damaged", [1, 4, 7])
async def test_a_paper_that_was_changed_is_told_wherever_it_lies(
    till: int, monkeypatch: pytest.MonkeyPatch, damaged: int
) -> None:
    monkeypatch.setattr("models.storage.integrity.invoices.PIECE", 3)
    for n in range(1, 8):
        content = f"%PDF-1.7 {n}".encode()
        await IssuedDocument.store(RECEIPT, n, None, f"quittance-{n}.pdf", content, clock.now())
        if n == damaged:
            found = (await rows("SELECT sha256 FROM issued_document WHERE key = ?", [f"receipt:{n}"]))[0]
            row = IssuedDocument(
                key=f"receipt:1{n}",
                kind=RECEIPT,
                name="x",
                size=len(content),
                sha256=found["sha256"],
                content=content[::-1],
                stored_at=clock.now(),
            )
            await row.save()
    assert [str(fault) for fault in await verify()] == [
        f"I13\u00a0: documents émis dont le contenu a changé (receipt:1{damaged})"
    ]
