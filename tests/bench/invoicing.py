"""S8: a month of so many families is invoiced, papers included, in a process of its own.

`python -m tests.bench.invoicing prepare|issue|draw URL FAMILIES`: prepared apart, so that the memory is the campaign's.
Two processes do the work, as two workers do: one makes drafts and invoices while the other draws, then both draw.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

from jobs.perform import find
from models import banks, clock
from models.clock import real
from models.invoicing.campaign import InvoiceCampaign
from models.money.invoice import Invoice
from models.settings import read
from models.storage import database
from models.storage.migrate import migrate
from models.work.task import Task, waiting
from tests.models import month

BOOKS, PAPERS = ("draft_invoices", "issue_invoices"), ("draw_papers", "draw_letters")


async def prepare(url: str, families: int) -> dict[str, Any]:
    await migrate(url)
    await database.connect(url)
    await month.load()
    await month.gather(families)
    await database.close()
    return {"families": families}


async def issue(url: str, families: int) -> dict[str, Any]:
    """Drafts, invoices, then papers; the e-mails are left to others."""
    await _connect(url)
    start = time.monotonic()
    made = await month.begun()
    await _work(BOOKS)
    await month.start(made.id)
    await _work(BOOKS)
    issued = time.monotonic()
    assert (number := await Invoice.all().count()) == families, number
    await _work(PAPERS)
    return await _told(start=start, issued=issued)


async def draw(url: str, families: int) -> dict[str, Any]:
    """The papers, while there are some or invoices still leave."""
    await _connect(url)
    while not await InvoiceCampaign.exists(state="issued"):
        await _work(PAPERS)
        await asyncio.sleep(0.05)
    await _work(PAPERS)
    return await _told()


async def _told(**moments: float) -> dict[str, Any]:
    """Moments of the machine's own clock, which all processes share, and the most memory that this one had, in MB."""
    end = time.monotonic()
    await database.close()
    return {"end": end, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **moments}


async def _connect(url: str) -> None:
    await database.connect(url)
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    banks.configure(read(demo=True))


async def _work(names: Sequence[str]) -> None:
    """The tasks of these kinds, one after the other, as long as there are some that nobody holds."""
    while task := await Task.filter(waiting(real()), name__in=names).order_by("id").first():
        if await task.hold():
            await find(task.name)({}, *task.args)
            await task.done()


STEPS = {"prepare": prepare, "issue": issue, "draw": draw}

if __name__ == "__main__":
    step, url, families = sys.argv[1:]
    print(json.dumps(asyncio.run(STEPS[step](url, int(families)))))
