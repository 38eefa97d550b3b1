"""`python -m jobs`: an arq worker. Start as many as there is work for; each runs ten tasks at a time."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from contextlib import suppress
from typing import Any

from arq.connections import RedisSettings
from arq.worker import Worker, func
from redis.exceptions import RedisError

from jobs.arq_dispatch import ArqDispatch, packed
from jobs.perform import TIMEOUT, perform
from jobs.registry import catch_up
from models import banks, clock
from models.settings import Settings, WrongSetting, read
from models.storage import database, encryption
from models.storage.constraints import ConstraintMissing
from models.storage.migrate import migrate
from models.work.task import Task

GRACE = 5  # seconds that running jobs have to end by themselves
PAUSE = 1.0  # before asking for Redis again

log = logging.getLogger("portail.jobs")


async def task(ctx: dict[str, Any], id: int) -> None:
    """The only function arq knows: it claims the row, so a job handed twice runs once."""
    if ctx["settings"].demo:
        await clock.follow(None)  # the web process may have moved the portal's time
    if claimed := await Task.take(id):
        await perform(ctx, claimed)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m jobs", description="Runs the portal's tasks.")
    parser.add_argument("--demo", action="store_true", help="beside a web process started with --demo")
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        settings = _settings(demo=parser.parse_args(arguments).demo)
        asyncio.run(serve(settings))
    except (WrongSetting, ConstraintMissing) as exc:
        print(exc, file=sys.stderr)
        return 2
    return 0


def _settings(*, demo: bool) -> Settings:
    settings = read(demo=demo)
    if settings.redis_url is None:
        raise WrongSetting("`python -m jobs` needs REDIS_URL: without it the web process runs the jobs.")
    return settings


async def serve(settings: Settings) -> None:
    encryption.use(settings.secret_keys)
    await migrate(settings.database_url)
    await database.connect(settings.database_url)
    try:
        await clock.follow(settings.now)
        await banks.open_accounts(settings)
        await catch_up(settings)
        dispatch = ArqDispatch(str(settings.redis_url))
        await dispatch.start()
        try:
            await _work(settings, _ending())
        finally:
            await dispatch.stop()
    finally:
        await database.close()


def _ending() -> asyncio.Event:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    return ending


async def _work(settings: Settings, ending: asyncio.Event) -> None:
    """A worker, and another one whenever Redis comes back."""
    while not ending.is_set():
        worker = _worker(settings)
        running = asyncio.create_task(worker.main())
        waiting = asyncio.create_task(ending.wait())
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if running.done():
            log.error("Redis is away: %s", type(running.exception()).__name__)
        await _close(worker, running)
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), PAUSE)


def _worker(settings: Settings) -> Worker:
    where = RedisSettings.from_dsn(str(settings.redis_url))
    where.conn_retries = 0
    return Worker(
        [func(task, name="task")],
        redis_settings=where,
        job_serializer=packed,
        job_deserializer=json.loads,
        ctx={"settings": settings},
        handle_signals=False,
        job_timeout=TIMEOUT + 30,
        keep_result=0,  # a kept result would refuse the same id
        max_tries=1000,  # the rows count the tries
        poll_delay=0.2,
    )


async def _close(worker: Worker, running: "asyncio.Task[None]") -> None:
    """Let the running jobs end, then give the others back; Redis may be the reason to close."""
    worker.allow_pick_jobs = False
    if jobs := list(worker.tasks.values()):
        await asyncio.wait(jobs, timeout=GRACE)
    running.cancel()
    with suppress(asyncio.CancelledError, RedisError, OSError):
        await running
    with suppress(asyncio.CancelledError, RedisError, OSError):
        await worker.close()
    if pool := worker.pool:  # it did not get that far
        await pool.aclose(close_connection_pool=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
