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
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

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
    """The nouns as they are between two operations of a migration.

    Tortoise draws the classes of all nouns anew at every operation, because each knows who points at it; that was
    nine tenths of a first start. No statement of a schema asks for it: here a noun knows only whom it points at, and an
    operation renews the one class that it changes.
    """

    def clone(self) -> State:
        """As it is now, whatever becomes of the other. An operation replaces classes and alters none, so those of today
        serve.
        """
        apps = copy(self.apps)
        apps.apps = {label: dict(nouns) for label, nouns in self.apps.apps.items()}
        return _State({key: noun.clone() for key, noun in self.models.items()}, apps)

    def _find_related_models(self, app_label: str, model_name: str) -> set[tuple[str, str]]:
        """A noun that is new here, or has a new name: who points at it too."""
        found = {(app_label, model_name)}
        if model_name not in self.apps.apps.get(app_label, {}):
            name = f"{app_label}.{model_name}"
            found |= {key for key, noun in self.models.items() if name in _pointed_at(noun)}
        return found

    def _reload(self, models_to_reload: set[tuple[str, str]]) -> None:
        for label, name in models_to_reload:
            self.apps.unregister_model(label, name)
            noun = self.models[label, name].render(self.apps)
            for pointing in noun._meta.fk_fields | noun._meta.o2o_fields:
                noun._meta.fields_map[pointing].related_name = False  # type: ignore[attr-defined]
            self.apps.register_model(label, noun)
        self.apps._init_relations()
        for label, name in models_to_reload:
            noun = self.apps.get_model(label, name)
            if noun._meta._inited:
                noun._meta.finalise_model()


def _pointed_at(noun: ModelState) -> set[Any]:
    return {getattr(field, "model_name", None) for field in noun.fields.values()}


class _Executor(MigrationExecutor):
    async def _project_state(self, applied: set[Any], *, upto: Any = None) -> State:
        state = _State({}, StateApps(default_connections=dict.fromkeys(APPS, "default")))
        for key in self._full_plan():
            if key == upto:
                break
            if key in applied:
                await self.loader.graph.nodes[key].apply(state, dry_run=True)  # type: ignore[union-attr]
        return state


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
