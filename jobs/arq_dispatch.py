"""Hands the ids of due tasks to arq. It claims nothing: without Redis the rows wait, and nothing is lost.

What lies in Redis is JSON, written and read: arq's own pickles would run whatever somebody else put there.
"""

import asyncio
import json
import logging
from typing import Any

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from jobs.loop import Loop
from jobs.scheduler import Scheduler
from models.clock import real
from models.work.task import Task, waiting

AGAIN = 30.0  # seconds after which an id is handed once more: Redis may have forgotten it
PATIENCE = 5.0
MANY = 1000

log = logging.getLogger("portail.jobs")


def packed(job: dict[str, Any]) -> bytes:
    """What arq writes; of the error of a job that failed, its text."""
    return json.dumps(job, default=str).encode()


class ArqDispatch(Loop):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._settings = RedisSettings.from_dsn(url)
        self._settings.conn_retries = 0
        self._pool: ArqRedis | None = None
        self._scheduler = Scheduler()
        self._handed: dict[str, float] = {}
        self._away = False

    async def poll(self) -> None:
        await self._scheduler.enqueue_due(real())
        due = Task.filter(waiting(real()), due__lte=real()).order_by("due", "id").limit(MANY)
        ids = [(task.id, f"task:{task.id}:{task.tries}") for task in await due.only("id", "tries")]
        try:
            async with asyncio.timeout(PATIENCE):
                await self._hand(ids)
        except (RedisError, OSError, TimeoutError) as exc:
            await self._forget()
            if not self._away:
                log.error("Redis is away, tasks wait: %s", type(exc).__name__)
            self._away = True

    async def stop(self) -> None:
        await super().stop()
        await self._forget()

    async def _hand(self, ids: list[tuple[int, str]]) -> None:
        """arq refuses a job id that it has already, so a task is queued once whoever asks."""
        moment = real()
        self._handed = {id: at for id, at in self._handed.items() if abs(moment - at) < AGAIN}
        fresh = [(task, id) for task, id in ids if id not in self._handed]
        if not fresh:
            return
        if self._pool is None:
            self._pool = await create_pool(self._settings, job_serializer=packed, job_deserializer=json.loads)
        for task, id in fresh:
            await self._pool.enqueue_job("task", task, _job_id=id)
            self._handed[id] = moment
        self._away = False

    async def _forget(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            await pool.aclose()
