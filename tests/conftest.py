"""Fixtures: a fresh database on each engine, the portal's time, a portal with a commune in it."""

import asyncio
import fcntl
import gc
import importlib
import importlib.util
import logging
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models import clock
from models.rules.deadlines import PARIS
from models.settings import Settings
from models.storage import database, encryption
from models.storage.migrate import migrate
from tests import compiled, drawn, hashed, servers
from tests.portal import Portal, open_portal

GIVEN = "TEST_DATABASE_URL"  # a PostgreSQL that is there already
KEYS = ("a-key-of-the-tests-that-is-no-secret-at-all",)
# Nothing is lost in a test by a power cut, and each commit would wait for the disk.
QUICK = "?synchronous=OFF"


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, where it runs
def pytest_xdist_auto_num_workers() -> int:
    """One more than the cores: a test waits for a page, a server or a disk. Each worker costs a quarter of a minute of
    one core before its first test, for what it imports and the servers that it starts.
    """
    return (os.cpu_count() or 1) + 1


# The longest first, then what waits for browsers and processes; the quick tests fill the end.
LONG = (
    "tests/browser/test_axe.py",
    "tests/browser/test_reflow.py",
    "tests/browser/test_network.py",
    "tests/browser/test_money_stories.py",
    "tests/models/test_rush.py",
    "tests/stories/test_killed_server.py",
    "tests/house/test_migrations.py",
    "tests/models/test_killed.py",
    "tests/jobs/test_worker.py",
    "tests/jobs/test_killed_worker.py",
    "tests/web/test_main.py",
    "tests/certificates/test_certificates.py",
    "tests/exports/test_beancount.py",
    "tests/exports/test_spreadsheets.py",
    "tests/browser/",
    "tests/stories/",
)


def pytest_configure() -> None:
    drawn.once()
    hashed.quickly()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((n for n, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG))
    )
    gc.freeze()  # what was imported stays: the collector need not look through it again and again
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all workers: what is made there once is copied by each."""
    mine: Path = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    folder = shared / "store"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def compiled_once(store: Path) -> None:
    """Templates are compiled by one process of this run, for the workers and for the portals that they serve."""
    compiled.share(store / "templates")


@pytest.fixture(scope="session")
def sqlite_template(store: Path) -> Path:
    """A migrated, empty SQLite file; copy it."""
    path = store / "empty.sqlite3"
    with (store / "empty.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            asyncio.run(migrate(f"sqlite://{path}.making"))
            Path(f"{path}.making").rename(path)
    return path


@dataclass
class Postgres:
    """A worker's one database, empty between its tests."""

    server: str
    template: str  # a migrated, empty database
    url: str
    schema: str  # what it must look like before a test

    @classmethod
    async def make(cls, server: str, template: str) -> "Postgres":
        url = await servers.create_database(server, template)
        return cls(server, template, url, (await servers.empty(url)))

    async def empty(self) -> None:
        """As it was before the test: the same tables and nothing in them. One that was altered is made anew."""
        if await servers.empty(self.url) == self.schema:
            return
        await servers.drop_database(self.url, self.server)
        self.url = await servers.create_database(self.server, self.template)


async def migrated(server: str) -> str:
    """The name of a new database with all tables and no row."""
    url = await servers.create_database(server)
    await migrate(url)
    return url.rpartition("/")[2]


@dataclass(frozen=True)
class Made:
    """The files of a PostgreSQL, and the name of a migrated, empty database in it."""

    files: Path
    template: str


@pytest.fixture(scope="session")
def postgres_made(store: Path) -> Made:
    """To make them takes seconds: each worker starts a server on a copy."""
    files, name = store / "postgres", store / "postgres.name"
    with (store / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not name.exists():
            with servers.own_postgres() as server:
                template = asyncio.run(migrated(server.url))
                server.stop()
                server.keep(files)
            name.write_text(template)
    return Made(files, name.read_text())


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    if GIVEN in os.environ:
        with servers.postgres() as given:
            yield given
        return
    with servers.own_postgres(made=request.getfixturevalue("postgres_made").files) as server:
        yield server.url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[Postgres]:
    if GIVEN not in os.environ:
        template = request.getfixturevalue("postgres_made").template
        yield asyncio.run(Postgres.make(postgres_server, template))
        return
    made = asyncio.run(Postgres.make(postgres_server, asyncio.run(migrated(postgres_server))))
    yield made
    for name in (made.url.rpartition("/")[2], made.template):
        asyncio.run(servers.drop_database(f"/{name}", postgres_server))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Path | Postgres:
    """One engine is enough for a test? `@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)`."""
    template: Path | Postgres = request.getfixturevalue(f"{request.param}_template")
    return template


@pytest.fixture
async def db(engine: Path | Postgres, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh database, connected. Every test that uses it runs on both engines."""
    if isinstance(engine, Path):
        url = copy_of(engine, tmp_path)
        async with _connected(url):
            yield url
        return
    try:
        async with _connected(engine.url):
            yield engine.url
    finally:
        await engine.empty()


@pytest.fixture
async def sqlite_db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    url = copy_of(sqlite_template, tmp_path)
    async with _connected(url):
        yield url


def copy_of(template: Path, folder: Path) -> str:
    shutil.copy(template, folder / "test.sqlite3")
    return f"sqlite://{folder / 'test.sqlite3'}{QUICK}"


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[None]:
    _forget()
    await database.connect(url)
    try:
        yield
    finally:
        await database.close()
        _forget()


def _forget() -> None:
    """What a process remembers must not pass from one test to the next."""
    clock.run_free()
    if importlib.util.find_spec("models.activities.catalogue"):
        importlib.import_module("models.activities.catalogue").forget()


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Those of a demo on this machine; with `db` or `sqlite_db` they name its database. Their keys seal and sign."""
    encryption.use(KEYS)
    used = [request.getfixturevalue(name) for name in ("db", "sqlite_db") if name in request.fixturenames]
    return Settings(
        data_dir=tmp_path,
        database_url=used[0] if used else f"sqlite://{tmp_path / 'test.sqlite3'}",
        redis_url=None,
        smtp_url=None,
        base_url="http://127.0.0.1:8000",
        secret_keys=KEYS,
        now=None,
        demo=True,
    )


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str | datetime], datetime]]:
    """`at("2018-08-27T10:00")`: the portal's time stands there, in Paris: a slow machine passes no limit."""

    def move(moment: str | datetime) -> datetime:
        there = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        there = there.astimezone(PARIS) if there.tzinfo else there.replace(tzinfo=PARIS)
        clock.shift_to(there)
        real = there.astimezone(UTC) - clock._shift
        monkeypatch.setattr(clock, "datetime", type("Standing", (datetime,), {"now": lambda _zone: real}))
        return there

    yield move
    clock.run_free()


OpenPortal = Callable[..., Awaitable[Portal]]


@pytest.fixture
async def portal(db: str, settings: Settings) -> AsyncIterator[OpenPortal]:
    """`await portal("lens", now="2018-08-27T10:00", change=lambda content: …)`: a commune, served in process.

    Keyword arguments other than `now` and `change` replace settings (`demo=False`, `base_url=…`).
    """
    opened: list[Portal] = []

    async def open_one(
        name: str,
        *,
        now: str | None = None,
        change: Callable[[dict[str, Any]], object] | None = None,
        **changes: Any,
    ) -> Portal:
        town = await open_portal(name, replace(settings, **changes), now, change)
        opened.append(town)
        return town

    yield open_one
    for town in opened:
        await town.close()


@pytest.fixture
def count_queries(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Call it before and after: how many statements went to the database since the test began."""
    caplog.set_level(logging.DEBUG, logger="tortoise.db_client")
    return lambda: sum(record.name == "tortoise.db_client" for record in caplog.records)
