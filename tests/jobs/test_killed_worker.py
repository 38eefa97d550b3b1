"""`kill -9` of a real worker, with real Redis, at ten random points of a campaign that is issued, and resumed.

Each family has one invoice in the end, and the numbers follow each other without a hole.
"""

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import pytest

from models.invoicing.campaign import InvoiceCampaign
from models.money.invoice import Invoice
from models.rules.states.campaigns import CampaignState
from models.storage.integrity import verify
from models.work.task import Task
from tests import servers
from tests.jobs.test_worker import Worker, bell, on_postgres, redis_server, worker
from tests.models import month

__all__ = ["bell", "redis_server"]  # fixtures
FAMILIES, KILLS = 240, 10
NOW = "2022-09-30T17:00:00"


async def until(what: Any) -> None:
    end = time.monotonic() + servers.PATIENCE
    while not await what():
        assert time.monotonic() < end, await Task.exclude(state="done").values(
            "name", "state", "tries", "error"
        )
        await asyncio.sleep(0.005)


async def killed_after(invoices: int, db: str, redis: Any, folder: Path) -> int:
    """A worker goes on, and is killed some moments after so many have left; how many had when it was dead."""
    before = {task.id: task.tries for task in await Task.filter(name="issue_invoices")}

    async def there() -> bool:
        begun = [
            task async for task in Task.filter(name="issue_invoices") if task.tries > before.get(task.id, 0)
        ]
        return bool(begun) and await Invoice.filter(before_portal=False).count() >= invoices

    victim = Worker(db, redis, folder, PORTAIL_NOW=NOW)
    try:
        await until(there)
        await asyncio.sleep(random.uniform(0, 0.05))
    finally:
        victim.kill()
        victim.wait()
    await Task.filter(state="ready").update(lease=0)  # a minute later
    return await Invoice.filter(before_portal=False).count()


@pytest.mark.redis
@on_postgres
async def test_a_worker_killed_ten_times_issues_each_invoice_once(
    db: str, redis_server: Any, bell: Any, tmp_path: Path
) -> None:
    await month.load()
    await month.gather(FAMILIES)
    campaign = await month.campaign()
    await month.start(campaign.id)
    points = sorted(random.randrange(FAMILIES - 80) for _ in range(KILLS))
    left = [await killed_after(point, db, redis_server, tmp_path) for point in points]
    assert min(left) < FAMILIES, f"killed when all had left: {points}, {left}"

    async def over() -> bool:
        return (await InvoiceCampaign.get(id=campaign.id)).state == CampaignState.ISSUED

    with worker(db, redis_server, tmp_path):
        await until(over)
    invoices = await Invoice.filter(before_portal=False).order_by("rank")
    assert [invoice.rank for invoice in invoices] == list(range(1, FAMILIES + 1)), (points, left)
    assert len({invoice.number for invoice in invoices}) == FAMILIES
    assert len({invoice.family_id for invoice in invoices}) == FAMILIES
    assert await verify() == []
