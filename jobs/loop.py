"""Looks for work when it is woken, and every POLL seconds: nothing depends on being woken."""

import asyncio
import logging
from contextlib import suppress

from models.work.task import wakeups

POLL = 1.0
SETTLE = 0.02  # the wakeup comes from inside a transaction: let it end

log = logging.getLogger("portail.jobs")


class Loop:
    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._ending = False
        self._loop: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._wakeup.set()

    async def start(self) -> None:
        self._ending = False
        wakeups.add(self.wake)
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends between two looks, never in one: a row claimed in a look must not be left behind."""
        wakeups.discard(self.wake)
        self._ending = True
        self.wake()
        if self._loop:
            await self._loop

    async def poll(self) -> None:
        raise NotImplementedError

    async def _run(self) -> None:
        while not self._ending:
            try:
                await self.poll()
            except Exception as exc:  # the database is away: look again later
                log.error("no look for work: %s", type(exc).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wakeup.wait(), POLL)
                await asyncio.sleep(SETTLE)
            self._wakeup.clear()
