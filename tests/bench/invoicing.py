"""S8: a month of so many families is invoiced, papers included, in a process of its own.

`python -m tests.bench.invoicing prepare|measure URL FAMILIES`: prepared apart, so that the memory is the campaign's.
"""

import asyncio
import json
import resource
import sys
import time
from typing import Any

from jobs.perform import find
from models import banks, clock
from models.invoicing import drafting, issue
from models.invoicing.campaign import InvoiceCampaign
from models.money.invoice import Invoice
from models.settings import read
from models.storage import database
from models.storage.migrate import migrate
from models.work.task import Task
from tests.models import month

NAMES = ("draft_invoices", "issue_invoices", "draw_papers", "draw_letters")


async def prepare(url: str, families: int) -> dict[str, Any]:
    await migrate(url)
    await database.connect(url)
    await month.load()
    await month.gather(families)
    await database.close()
    return {"families": families}


async def measure(url: str, families: int) -> dict[str, Any]:
    """Seconds of each kind of work and the most memory, in MB; the e-mails are left to others."""
    await database.connect(url)
    clock.shift_to(clock.datetime(2022, 9, 30, 17, tzinfo=clock.PARIS))
    banks.configure(read(demo=True))
    spent: dict[str, float] = dict.fromkeys(NAMES, 0.0)
    made = await month.begun()
    await _work(spent)
    await month.start(made.id)
    await _work(spent)
    issued = await Invoice.all().count()
    assert issued == families, issued
    assert (await InvoiceCampaign.get(id=made.id)).state == "issued"
    await database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": spent, "memory": memory, "pieces": [drafting.PIECE, issue.TOGETHER]}


async def _work(spent: dict[str, float]) -> None:
    """All the tasks of these kinds, one after the other."""
    while task := await Task.filter(name__in=NAMES, state="ready").order_by("id").first():
        start = time.perf_counter()
        assert await task.hold()
        await find(task.name)({}, *task.args)
        await task.done()
        spent[task.name] += time.perf_counter() - start


if __name__ == "__main__":
    step, url, families = sys.argv[1:]
    print(json.dumps(asyncio.run({"prepare": prepare, "measure": measure}[step](url, int(families)))))
