"""Transactions that meet, and a database that fails: what waits, what is done again, what is given back."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from tortoise.exceptions import OperationalError, TransactionManagementError

from models.families.family import Family
from models.storage import database
from models.storage.database import is_away, retrying, transaction

on_postgres = pytest.mark.parametrize("engine", ["postgres"], indirect=True)


async def two_families() -> list[int]:
    return [(await Family.create(number=number)).id for number in ("a", "b")]


async def versions() -> list[int]:
    return list(await Family.all().order_by("id").values_list("version", flat=True))  # type: ignore[arg-type]


@on_postgres
async def test_the_victim_of_a_deadlock_tries_again(db: str) -> None:
    """Two transactions take the same rows in opposite orders, once each has its first."""
    families = await two_families()
    both = asyncio.Barrier(2)
    tries: list[int] = []

    async def lock(first: int, second: int) -> None:
        tries.append(first)
        async with transaction():
            await Family.lock(first)
            if len(tries) <= 2:
                await both.wait()
            await Family.lock(second)

    await asyncio.gather(retrying(lambda: lock(*families)), retrying(lambda: lock(*reversed(families))))
    assert await versions() == [2, 2] and len(tries) == 3


@on_postgres
async def test_what_cannot_be_put_in_a_row_is_tried_again(db: str) -> None:
    [family, _] = await two_families()
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        async with transaction() as connection:
            await connection.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await Family.get(id=family)
            if tries == 1:
                await elsewhere(db, family)
            await Family.lock(family)

    await retrying(work)
    assert tries == 2 and (await versions())[0] == 2


async def elsewhere(db: str, family: int) -> None:
    """On a connection of its own, though it is called inside a transaction."""
    own = await asyncpg.connect(db.replace("asyncpg:", "postgresql:"))
    try:
        await own.execute("UPDATE family SET version = version + 1 WHERE id = $1", family)
    finally:
        await own.close()


async def test_a_transaction_that_cannot_begin_holds_up_nobody(sqlite_db: str) -> None:
    """Another process writes for longer than anybody waits."""
    [family, _] = await two_families()
    await database.client().execute_query("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(sqlite_db.removeprefix("sqlite://").partition("?")[0], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransactionManagementError) as refusal:
        async with transaction():
            pass
    assert is_away(refusal.value)
    other.execute("ROLLBACK")
    other.close()
    async with asyncio.timeout(60), transaction():
        await Family.lock(family)
    assert (await versions())[0] == 1


async def test_a_commit_that_fails_leaves_nothing_behind(
    sqlite_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [family, _] = await two_families()
    real = database.client()._connection.commit
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    async def refuse() -> None:
        raise full

    monkeypatch.setattr(database.client()._connection, "commit", refuse)
    with pytest.raises(Exception, match="full") as refusal:
        async with transaction():
            await Family.lock(family)
    assert is_away(refusal.value)
    monkeypatch.setattr(database.client()._connection, "commit", real)
    async with transaction():
        await Family.lock(family)
    assert (await versions())[0] == 1


async def test_a_full_file_is_an_absence_and_a_wrong_statement_is_not(sqlite_db: str) -> None:
    pages = (await database.rows("PRAGMA page_count"))[0]["page_count"]
    await database.client().execute_query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OperationalError, match="full") as refusal:
        await Family.bulk_create([Family(number=f"{n:040}") for n in range(2000)])
    assert is_away(refusal.value)
    with pytest.raises(OperationalError) as mistake:
        await database.rows("SELECT nothing FROM nowhere")
    assert not is_away(mistake.value) and not is_away(ValueError("x"))


@on_postgres
async def test_a_transaction_that_cannot_begin_gives_its_connection_back(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More often than there are connections in the pool."""
    from asyncpg.transaction import Transaction

    async def refuse(self: Transaction) -> None:
        raise asyncpg.ConnectionDoesNotExistError

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "start", refuse)
        for _ in range(database.POSTGRES_POOL["maxsize"] + 1):
            with pytest.raises(asyncpg.ConnectionDoesNotExistError) as refusal:
                async with asyncio.timeout(60), transaction():
                    pass
            assert is_away(refusal.value)
    async with asyncio.timeout(60), transaction():
        assert await Family.all().count() == 0


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_the_files_of_sqlite_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "portail.sqlite3"
    await database.connect(f"sqlite://{path}")
    try:
        await database.client().execute_script("CREATE TABLE commune (id int)")
        assert {one.name: mode(one) for one in tmp_path.iterdir()} == {
            "portail.sqlite3": 0o600,
            "portail.sqlite3-shm": 0o600,
            "portail.sqlite3-wal": 0o600,
        }
    finally:
        await database.close()


async def test_files_that_others_could_read_are_tightened_at_the_next_start(tmp_path: Path) -> None:
    ends = ("sqlite3", "sqlite3-wal", "sqlite3.lock", "before-migration.sqlite3", "before-restore.sqlite3")
    ours = [tmp_path / f"portail.{end}" for end in ends]
    theirs = tmp_path / "commune.toml"
    for path in (*ours, theirs):
        path.touch()
        path.chmod(0o644)
    await database.connect(f"sqlite://{ours[0]}")
    await database.ping()
    await database.close()
    assert {mode(path) for path in ours if path.exists()} == {0o600} and mode(theirs) == 0o644
