"""A process of its own, as tests start it: `python -m tests.jobs.process <what> <database> <file>`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from jobs.perform import perform
from jobs.registry import JOBS
from jobs.scheduler import Scheduler
from models.settings import Settings
from models.storage import database
from models.work import task
from models.work.task import Task

LEASE = 2.5
MOMENT = 1_796_040_000.0


async def die(url: str, file: Path) -> None:
    """Claim a task and hang in the middle of it."""
    task.LEASE = LEASE

    async def hang(ctx: Any) -> None:
        file.write_text("begun")
        await asyncio.sleep(60)

    JOBS["note"] = hang
    [claimed] = await Task.claim()
    await perform({"settings": settings(url)}, claimed)


async def enqueue_due(url: str, file: Path) -> None:
    """Lay the schedule of one moment, and do what is due."""
    scheduler = Scheduler()
    for _ in range(3):
        await scheduler.enqueue_due(MOMENT)
    for claimed in await Task.claim(100):
        with file.open("a") as effects:
            effects.write(f"{claimed.key}\n")
        await claimed.done()


def settings(url: str) -> Settings:
    return Settings(Path("."), url, None, None, "http://127.0.0.1:8000", ("k" * 32,), None, demo=True)


async def main(what: str, url: str, file: Path) -> None:
    await database.connect(url)
    try:
        await {"die": die, "lay": enqueue_due}[what](url, file)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
