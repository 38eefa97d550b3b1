"""Runs one claimed task to its end: done, tried again later, failed, or given back when the process stops."""

import asyncio
import logging
import traceback
from urllib.parse import unquote, urlsplit

from jobs.registry import JOBS, Context, Job
from models.settings import Settings
from models.work import task as tasks
from models.work.task import GiveUp, Task

TIMEOUT = 120.0  # seconds; no job needs as long
LONGEST_ERROR = 500

log = logging.getLogger("portail.jobs")


class UnknownJob(LookupError):
    """No function bears this name here: another version of the portal asked for it."""


async def perform(ctx: Context, task: Task) -> None:
    beat = asyncio.create_task(_beat(task))
    try:
        async with asyncio.timeout(TIMEOUT):
            await find(task.name)(ctx, *task.args)
    except asyncio.CancelledError:
        await task.release()
        raise
    except GiveUp as exc:
        await task.fail(str(exc))
    except Exception as exc:
        error = said(exc, ctx["settings"])
        where = "".join(traceback.format_tb(exc.__traceback__))  # no message: it may hold a secret
        log.warning("task %s %s%r, try %s: %s\n%s", task.id, task.name, task.args, task.tries, error, where)
        await task.again(error)
    else:
        await task.done()
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)


def find(name: str) -> Job:
    """The function of a task. Raises UnknownJob."""
    if name not in JOBS:
        raise UnknownJob(name)
    return JOBS[name]


async def _beat(task: Task) -> None:
    """Keep the lease while the job runs."""
    while True:
        await asyncio.sleep(tasks.LEASE / 3)
        if not await task.keep():
            return


def said(exc: Exception, settings: Settings) -> str:
    """What an error says, for the mairie to see: without passwords or keys."""
    text = f"{type(exc).__name__}: {exc}".removesuffix(": ")
    for secret in _secrets(settings):
        text = text.replace(secret, "…")
    return text[:LONGEST_ERROR]


def _secrets(settings: Settings) -> set[str]:
    urls = (settings.smtp_url, settings.database_url, settings.redis_url)
    passwords = {urlsplit(url).password or "" for url in urls if url}
    keys = set(settings.secret_keys) | settings.bank_secrets
    return ({*passwords, *map(unquote, passwords)} | keys) - {""}
