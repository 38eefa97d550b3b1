"""Ticks, timed in process: `python -m tests.bench.ticking URL < what the town said` tells where their time goes."""

import asyncio
import cProfile
import json
import pstats
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import asyncpg
import uvloop
from aiosqlite import Connection

from models import banks, clock
from models.settings import read
from models.storage import database
from tests.bench import floor
from tests.bench.inside import ask
from tests.bench.town import NOW
from tests.tools import ROOT
from web.app import create_app

ROUNDS, EACH = 7, 60  # ticks of a family that begins with an empty cart
Told = dict[str, Any]


async def measure(url: str, town: Told) -> Told:
    settings = read(demo=True)
    await database.connect(url)
    try:
        await clock.follow(NOW)
        banks.configure(settings)
        tick = _ticker(create_app(settings), town)
        for _ in range(EACH):
            answer = await tick()
        told: Told = {"answer": _weight(answer)}
        told["tick"], told["floor"] = await _in_turn(tick, floor.ticker(town))
        told["statements"] = await _statements(tick)
        told["python"], told["drawing"] = await _functions(tick)
        return told
    finally:
        await database.close()


def _ticker(app: Any, town: Told) -> Callable[[], Awaitable[list[Any]]]:
    """Each call ticks the next cell of a family, and unticks them when all are ticked."""
    who, wished = town["clients"][-1], _wished(town)
    place = {"par": "enfant", "id": who["children"][0], "vue": "mois", "debut": "2018-10-01", "modifier": 1}

    async def tick() -> list[Any]:
        fields = {"csrf": who["csrf"], **place, "cle": f"{time.time_ns():036d}", "op": next(wished)}
        headers = [(b"hx-request", b"true"), (b"content-type", b"application/x-www-form-urlencoded")]
        body = urlencode(fields).encode()
        sent = await ask(app, "POST", "/planning/operations", who["cookie"], headers, body)
        assert sent[0]["status"] == 200 and b"note bad" not in sent[1]["body"], sent
        return sent

    return tick


def _wished(town: Told) -> Iterator[str]:
    child, days = town["clients"][-1]["children"][0], [day for day in town["days"] if day[5:7] == "10"]
    cells = [f"{child}-{slot}-{day}" for slot in town["slots"] for day in days]
    while True:
        for state in (1, 0):
            yield from (f"{cell}:{state}" for cell in cells)


def _weight(sent: list[Any]) -> Told:
    """Bytes: each header, and the body."""
    headers = {name.decode(): len(name) + len(value) + 4 for name, value in sent[0]["headers"]}
    return {"headers": headers, "body": sum(len(message["body"]) for message in sent[1:])}


async def _in_turn(*works: Callable[[], Awaitable[Any]]) -> list[Told]:
    """Milliseconds each: of the clock, and of this process whichever its threads."""
    taken: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for n, work in enumerate(works):
            clock_start, start = time.perf_counter(), time.process_time()
            for _ in range(EACH):
                await work()
            taken[n].append((time.perf_counter() - clock_start, time.process_time() - start))
    return [
        {"wall": _median(wall for wall, _ in one), "cpu": _median(cpu for _, cpu in one)} for one in taken
    ]


def _median(seconds: Iterable[float]) -> float:
    return statistics.median(seconds) * 1000 / EACH


async def _statements(tick: Callable[[], Awaitable[Any]]) -> list[tuple[str, float, float]]:
    """What goes to the database, as often as a tick sends it, and the milliseconds until it is back."""
    found: dict[str, list[float]] = defaultdict(list)

    def timed(ask: Callable[..., Awaitable[Any]], name: Callable[..., str]) -> Callable[..., Awaitable[Any]]:
        async def asked(self: Any, *given: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return await ask(self, *given, **options)
            finally:
                found[name(*given)].append(time.perf_counter() - start)

        return asked

    with (
        patch.object(asyncpg.Connection, "execute", timed(asyncpg.Connection.execute, _sql)),
        patch.object(asyncpg.Connection, "fetch", timed(asyncpg.Connection.fetch, _sql)),
        patch.object(Connection, "_execute", timed(Connection._execute, _of_sqlite)),
    ):
        for _ in range(EACH):
            await tick()
    return sorted(
        ((sql, len(times) / EACH, sum(times) * 1000 / EACH) for sql, times in found.items()),
        key=lambda one: -one[2],
    )


def _sql(sql: str, *values: Any) -> str:
    return " ".join(sql.split())


def _of_sqlite(function: Any, *given: Any) -> str:
    return _sql(given[0]) if given and isinstance(given[0], str) else function.__name__


async def _functions(tick: Callable[[], Awaitable[Any]]) -> tuple[list[Any], list[Any]]:
    """Of the Python that runs in the loop: calls and own milliseconds a tick; and of templates, by file."""
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(EACH):
        await tick()
    profile.disable()
    functions: list[tuple[str, float, float]] = []
    drawing: dict[str, float] = defaultdict(float)
    for (file, line, name), (_, calls, own, *_) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file.endswith(".html"):
            drawing["/".join(Path(file).parts[-2:])] += own * 1000 / EACH
        functions.append((f"{_near(file)}:{line} {name}", calls / EACH, own * 1000 / EACH))
    return sorted(functions, key=lambda one: -one[2])[:40], sorted(drawing.items(), key=lambda one: -one[1])


def _near(file: str) -> str:
    """A file as one knows it: of the portal, or of a package."""
    return file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        json.dump(runner.run(measure(sys.argv[1], json.load(sys.stdin))), sys.stdout)
