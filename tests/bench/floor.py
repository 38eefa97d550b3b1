"""The least that a correct tick asks of the database, through the same driver: begin, lock, write, commit."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from models.storage.database import client, is_sqlite

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
