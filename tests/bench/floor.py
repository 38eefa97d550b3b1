"""The least that a correct tick asks of the database, through the same driver: begin, lock, write, commit.

`python -m tests.bench.floor URL < what the town said` tells how long that takes.
"""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from models.storage import database
from models.storage.database import client, is_sqlite

ROUNDS = 600

LOCK = "UPDATE family SET version = version + 1 WHERE id = {family}"
WRITE = """
INSERT INTO cart_line (family_id, child_id, slot_id, day, action, cents, reason, waits, made_at)
VALUES ({family}, {child}, {slot}, '{day}', 'add', {cents}, 'floor', {no}, '2018-08-27 10:00:00+00:00')
ON CONFLICT (family_id, child_id, slot_id, day) DO UPDATE SET cents = excluded.cents
"""


def ticker(town: dict[str, Any]) -> Callable[[], Awaitable[None]]:
    """Each call is such a tick of the same family."""
    who, count = town["clients"][0], itertools.count()
    cell = {"child": who["children"][0], "slot": town["slots"][0], "day": town["days"][0]}
    where = {"family": who["family"], **cell}
    lock = LOCK.format(**where)

    async def sqlite() -> None:
        connection = client()._connection
        await connection.execute("BEGIN IMMEDIATE")
        await connection.execute(lock)
        await connection.execute(WRITE.format(**where, cents=next(count), no=0))
        await connection.commit()

    async def postgres() -> None:
        async with client()._pool.acquire() as connection, connection.transaction():
            await connection.execute(lock)
            await connection.execute(WRITE.format(**where, cents=next(count), no="FALSE"))

    return sqlite if is_sqlite() else postgres


async def measure(url: str, town: dict[str, Any]) -> dict[str, float]:
    await database.connect(url)
    try:
        await database.rows("SELECT 1", [])  # SQLite is opened by the first question
        tick, times = ticker(town), []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            await tick()
            times.append(time.perf_counter() - start)
        return {"ms": statistics.median(times[ROUNDS // 6 :]) * 1000}
    finally:
        await database.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        json.dump(runner.run(measure(sys.argv[1], json.load(sys.stdin))), sys.stdout)
