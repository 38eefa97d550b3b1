"""Bring the schema up to date, under a lock, with a copy of the SQLite file first."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_generator.state import State

from models.storage import constraints, database, private, triggers
from models.storage.sqlite import BEFORE_MIGRATION

POSTGRES_LOCK = 7262001  # any number, the same for every process
APPS: Any = {"models": {"models": [], "migrations": "models.migrations"}}


async def migrate(url: str) -> None:
    """Apply what is missing, then check the constraints. Two processes that start at once take turns.

    Leaves the connection closed: SQLite migrates with foreign keys off (a rebuilt table would delete its children)
    and the portal runs with them on. Raises constraints.ConstraintMissing.
    """
    apart = f"{url}{'&' if '?' in url else '?'}foreign_keys=OFF" if url.startswith("sqlite") else url
    await database.connect(apart)
    try:
        async with alone(url):
            if await pending():
                await _copy(url)
                await triggers.take_off()
                await _executor().migrate()
            await triggers.put_on()
            if database.is_sqlite():
                await _check_links()
            await constraints.check_schema()
    finally:
        await database.close()


async def pending() -> bool:
    executor = _executor()
    await executor.loader.build_graph()
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    return bool(await executor.plan())


class _State(State):
    """The nouns as they are between two operations of a migration."""

    def clone(self) -> State:
        """As it is now, whatever becomes of the other. An operation replaces the classes of the nouns that it changes
        and alters none, so those of today serve: Tortoise makes all of them anew, which is half of a first start.
        """
        apps = copy(self.apps)
        apps.apps = {label: dict(nouns) for label, nouns in self.apps.apps.items()}
        return _State({key: noun.clone() for key, noun in self.models.items()}, apps)


class _Executor(MigrationExecutor):
    async def _project_state(self, applied: set[Any], *, upto: Any = None) -> State:
        state = await super()._project_state(applied, upto=upto)
        return _State(state.models, state.apps)


def _executor() -> MigrationExecutor:
    return _Executor(database.client(), APPS)


async def _check_links() -> None:
    _, rows = await database.client().execute_query("PRAGMA foreign_key_check")
    if rows:
        raise constraints.ConstraintMissing(
            f"{len(rows)} rows of the database point at rows that are not there."
        )


async def _copy(url: str) -> None:
    """Keep the SQLite file as it was before the migration, beside it. `cp` would miss what is in the WAL."""
    path = sqlite_path(url)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return
    _, tables = await database.client().execute_query("SELECT 1 FROM sqlite_master WHERE name = 'commune'")
    if tables:
        target = path.with_suffix(BEFORE_MIGRATION)
        target.unlink(missing_ok=True)
        private.make(target)
        await database.client().execute_query("VACUUM INTO ?", [str(target)])


def sqlite_path(url: str) -> Path | None:
    if not url.startswith("sqlite"):
        return None
    path = url.split("://", 1)[1].split("?")[0]
    return None if path == ":memory:" else Path(path)


@asynccontextmanager
async def alone(url: str) -> AsyncIterator[None]:
    """One process at a time; the others wait. The database must be connected."""
    path = sqlite_path(url)
    if path is not None:
        beside = Path(f"{path}.lock")
        private.make(beside)
        with beside.open("w") as lock:  # noqa: ASYNC230
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            yield
    elif database.is_sqlite():
        yield
    else:
        pool = database.client()
        await pool.execute_query("SELECT 1")
        async with Tortoise.get_connection("default").acquire_connection() as connection:
            await connection.execute(f"SELECT pg_advisory_lock({POSTGRES_LOCK})")
            try:
                yield
            finally:
                await connection.execute(f"SELECT pg_advisory_unlock({POSTGRES_LOCK})")
