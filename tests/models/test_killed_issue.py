"""The process is killed (-9) before each statement of the issue of invoices, and five issue the same at once.

After it each family has its invoice or none, numbers follow each other; whoever goes on gives each exactly one.
"""

import asyncio
from collections import Counter

import pytest

from models import clock
from models.invoicing import issue
from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.draft import InvoiceDraft
from models.money.invoice import Invoice
from models.storage.integrity import verify
from models.work.notice import Notice
from tests.models import month
from tests.models.test_killed import (
    LONGEST,
    Copies,
    copies,
    in_a_child,
    started,
    sweep,
    was_killed,
    without_transactions,
)

__all__ = ["copies"]  # a fixture
FAMILIES, PROCESSES = 3, 5


async def prepare() -> None:
    await month.load()
    await month.gather(FAMILIES)
    await month.start((await month.campaign()).id)


async def work() -> None:
    """Two batches: of two families, and of one."""
    issue.TOGETHER = 2
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    await issue.issue((await InvoiceCampaign.get()).id, 0, clock.now())


async def none_or_all() -> None:
    assert await verify() == []
    assert await Invoice.all().count() in (0, 2, FAMILIES)
    await work()
    await each_has_one()


async def each_has_one() -> None:
    invoices = await Invoice.all().order_by("rank")
    assert [invoice.rank for invoice in invoices] == list(range(1, FAMILIES + 1))
    assert set(Counter(invoice.family_id for invoice in invoices).values()) == {1}
    assert {invoice.cents for invoice in invoices} == {500 * month.DAYS}
    assert await InvoiceDraft.filter(invoice_id=None).count() == 0
    assert (await InvoiceCampaign.get()).state == "issued"
    assert await Notice.filter(kind="invoice_issued").count() == FAMILIES
    assert await verify() == []


def test_killed_at_any_statement_each_family_has_one_invoice_in_the_end(copies: Copies) -> None:
    assert sweep(copies, work, none_or_all, prepare) > 40


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_transactions_an_invoice_is_half_there(copies: Copies) -> None:
    """The sweep sees what it looks for."""

    async def bare() -> None:
        without_transactions()
        await work()

    in_a_child(copies.base, prepare)
    with pytest.raises(AssertionError):
        for n in range(1, LONGEST):
            url = copies.fresh()
            in_a_child(url, bare, kill_at=n)
            in_a_child(url, none_or_all)


def test_five_processes_of_which_one_is_killed_give_each_family_one(copies: Copies) -> None:
    in_a_child(copies.base, prepare)
    url = copies.fresh()
    running = [started(url, work, kill_at=30 if n == 0 else 0) for n in range(PROCESSES)]
    assert sum([was_killed(pid) for pid in running]) <= 1
    in_a_child(url, none_or_all)


async def test_five_at_once_give_each_family_one(portal: object, db: str) -> None:
    await prepare()
    await asyncio.gather(*(work() for _ in range(PROCESSES)))
    await each_has_one()
