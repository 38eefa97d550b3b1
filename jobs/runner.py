"""Who does the work: the web process itself, or arq workers that it only wakes."""

import asyncio
import logging

from tortoise.expressions import Q

from jobs.loop import Loop
from jobs.perform import find, perform
from jobs.registry import Context, catch_up
from jobs.scheduler import Scheduler
from models.clock import real
from models.settings import Settings
from models.work.task import Task, waiting

__all__ = ["Runner", "find", "of"]

PARALLEL = 4  # a mail server that is slow to answer does not keep the bank waiting
GRACE = 2.0  # seconds that running jobs have to end by themselves
ENOUGH = 10_000  # tasks: beyond, something asks for itself without end

log = logging.getLogger("portail.jobs")


def of(settings: Settings) -> Loop:
    """What the web process starts and stops: with Redis what wakes the workers, else the runner."""
    if settings.redis_url is None:
        return Runner({"settings": settings})
    from jobs.arq_dispatch import ArqDispatch  # arq takes half a second to import

    return ArqDispatch(settings.redis_url)


class Runner(Loop):
    """Runs tasks in this process, a few at a time. Stop it before the database closes."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._scheduler = Scheduler()
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await catch_up(self._ctx["settings"])
        await super().start()

    async def poll(self) -> None:
        await self._scheduler.enqueue_due(real())
        free = PARALLEL - len(self._running)
        for task in await Task.claim(free) if free else ():
            job = asyncio.create_task(perform(self._ctx, task))
            self._running.add(job)
            job.add_done_callback(self._ended)

    async def stop(self) -> None:
        await super().stop()
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE)
        left = list(self._running)
        for job in left:
            job.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, job: "asyncio.Task[None]") -> None:
        self._running.discard(job)
        if not job.cancelled() and (exc := job.exception()):  # the lease ends, and somebody tries again
            log.error("a task could not be marked: %s", type(exc).__name__)
        self.wake()

    async def run_due(self, limit: int | None = None) -> int:
        """Run here and now what is due, one after the other; how many were run."""
        ran = 0
        while limit is None or ran < limit:
            claimed = await Task.claim(1)
            if not claimed:
                break
            await perform(self._ctx, claimed[0])
            ran += 1
        return ran

    async def run_all(self, horizon: float = 0.0) -> int:
        """For tests: run what is due within `horizon` seconds and what that asks for, without pauses."""
        ran = 0
        while ran < ENOUGH:
            soon = Q(due__lte=real() + horizon) | Q(tries__gt=0)
            task = await Task.filter(waiting(real()), soon).order_by("due", "id").first()
            if task is None:
                return ran
            if await task.hold():
                await perform(self._ctx, task)
            ran += 1
        raise RuntimeError("tasks ask for tasks without end")
