"""The journal's chains: many at once, on both databases, and a database that had none."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models import clock
from models.activities.opening import Opening
from models.storage import constraints, database
from models.storage.database import client, is_sqlite, rows, transaction
from models.storage.integrity import verify
from models.storage.migrate import migrate
from models.work.audit_log import Chain, Event
from tests import servers
from tests.models import busy
from tests.portal import Portal


async def test_many_at_once_make_one_chain_for_each_family(db: str) -> None:
    async def one(n: int) -> None:
        async with transaction():
            await Event.note(
                clock.now(), "member:1", "tested", f"x:{n}", n % 4 or None, n=n, é=["’", None, True]
            )

    await asyncio.gather(*(one(n) for n in range(60)))
    assert await Chain.all().order_by("id").values_list("id", "length") == [(n, 15) for n in range(4)]
    assert await verify() == []


async def test_a_row_that_is_taken_back_leaves_no_gap(db: str) -> None:
    await Event.note(clock.now(), "member:1", "tested", "x:1", 1)
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await Event.note(clock.now(), "member:1", "tested", "x:2", 1)
            raise ZeroDivisionError
    await Event.note(clock.now(), "member:1", "tested", "x:3", 1)
    assert (await Chain.get(id=1)).length == 2
    assert await verify() == []


async def test_families_do_not_wait_for_each_other(db: str) -> None:
    """Two transactions are open at once, each with its row; SQLite has one writer anyway."""
    if is_sqlite():
        return
    inside = asyncio.Barrier(2)

    async def one(family: int) -> None:
        async with transaction():
            await Event.note(clock.now(), "member:1", "tested", "x:1", family)
            async with asyncio.timeout(60):
                await inside.wait()

    await asyncio.gather(one(1), one(2))
    assert await verify() == []


TOLD_SINCE = ("family.opened", "opening.overrun")


async def test_an_older_database_gets_its_chains(
    portal: Any, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy town as the schema before kept it, brought up to date."""
    town: Portal = await portal("demo", now=busy.NOW)
    await busy.fill_before_invoices(town, monkeypatch)
    older = await _as_it_was()
    url = f"sqlite://{tmp_path / 'older.sqlite3'}?synchronous=OFF"
    if not is_sqlite():
        url = await servers.create_database(engine.server)
    await database.close()
    await _write(url, older)
    await migrate(url)
    await database.connect(url)
    assert await verify() == []
    assert await Event.filter(action="family.opened", actor="migration").count() == 2
    assert await Opening.filter(overrun__gt=0).values_list("overrun", "overrun_by") == [(1, "migration")]
    await Event.note(clock.now(), "member:1", "tested", "x:1", 1)
    assert await verify() == []


async def _as_it_was() -> dict[str, list[dict[str, Any]]]:
    tables = [model._meta.db_table for model in Tortoise.apps["models"].values()]
    found = {
        table: await rows(f"SELECT * FROM {table} ORDER BY id") for table in tables if table != "event_chain"
    }
    found["event"] = [row for row in found["event"] if row["action"] not in TOLD_SINCE]
    for row in found["opening"]:
        row["overridden"] = row["overrun"] > 0
    found["letter"] = found.pop("email")
    found["request"] = [row for row in found["request"] if row["booking_id"]]  # of bookings alone, then
    for row in found["request"]:
        row["kind"] = {"booking": "book", "cancellation": "cancel"}[row["kind"]]
    return found


async def _write(url: str, content: dict[str, list[dict[str, Any]]]) -> None:
    """Into a database of the schema before, columns that it lacks left out."""
    await database.connect(f"{url}&foreign_keys=OFF" if "sqlite" in url else url)
    before = MigrationTarget("models", "0005_batch_back")
    apps: Any = {"models": {"models": [], "migrations": "models.migrations"}}
    await MigrationExecutor(client(), apps).migrate([before])
    async with transaction():
        if not is_sqlite():
            await client().execute_query("SET LOCAL session_replication_role = replica")
        columns = await rows(constraints.SQLITE_COLUMNS if is_sqlite() else constraints.POSTGRES_COLUMNS)
        for table, lines in content.items():
            there = lines[0].keys() if lines else ()
            names = [row["name"] for row in columns if row["owner"] == table and row["name"] in there]
            quoted = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join("?" if is_sqlite() else f"${n}" for n in range(1, len(names) + 1))
            into = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"
            if names:
                await client().execute_many(into, [[line[name] for name in names] for line in lines])
            if names and not is_sqlite():
                await rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {lines[-1]['id']})")
    await database.close()
