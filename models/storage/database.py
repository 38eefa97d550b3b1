"""The connection: one address, SQLite or PostgreSQL, and short transactions that wait instead of failing."""

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import (
    BaseORMException,
    DBConnectionError,
    OperationalError,
    TransactionManagementError,
)
from tortoise.transactions import in_transaction

from models import NOUNS
from models.rules.deadlines import PARIS
from models.storage.postgres import PlainConnection, Statements, numbered

T = TypeVar("T")


# What the database itself says, not a mistake in what was asked: the whole transaction ends, perhaps to be tried again.
TROUBLES = (
    OperationalError,
    TransactionManagementError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)
POSTGRES_POOL = {"minsize": 1, "maxsize": 10}


def config(url: str) -> dict[str, Any]:
    """Tortoise's settings for an address. Money needs synchronous=FULL: NORMAL may lose commits at a power cut."""
    parts = urlsplit(url)
    connection: dict[str, Any]
    if parts.scheme == "sqlite":
        options = {"synchronous": "FULL", "busy_timeout": "5000", **dict(parse_qsl(parts.query))}
        path = url.split("://", 1)[1].split("?")[0]
        connection = {"engine": "models.storage.sqlite", "credentials": {"file_path": path, **options}}
    else:
        connection = {
            "engine": "models.storage.postgres",
            "credentials": {
                "host": parts.hostname,
                "port": parts.port or 5432,
                "user": parts.username,
                "password": parts.password,
                "database": parts.path.lstrip("/"),
                "connection_class": PlainConnection,
                **POSTGRES_POOL,
                **dict(parse_qsl(parts.query)),
            },
        }
    return {
        "connections": {"default": connection},
        "apps": {"models": {"models": NOUNS, "migrations": "models.migrations"}},
        "use_tz": True,
        "timezone": "Europe/Paris",
    }


async def connect(url: str) -> None:
    await Tortoise.init(config=config(url), _enable_global_fallback=True)


async def close() -> None:
    await Tortoise.close_connections()


def client() -> BaseDBAsyncClient:
    return get_connection("default")


def is_sqlite() -> bool:
    return client().capabilities.dialect == "sqlite"


async def ping() -> None:
    """Raises when the database does not answer."""
    await client().execute_query("SELECT 1")


@asynccontextmanager
async def transaction(first: str = "") -> AsyncIterator[BaseDBAsyncClient]:
    """A short transaction. Never await a network, a PDF or a password hash inside: SQLite has one connection.

    `first` is a statement without values, which begins it in the same trip to the database. Not inside another.
    """
    begun = cast(Any, client()).beginning(first) if first else in_transaction("default")
    async with begun as connection:
        yield connection


@asynccontextmanager
async def snapshot() -> AsyncIterator[None]:
    """Many reads that see the rows of one moment on PostgreSQL, and hold nobody up. Not inside a transaction.

    SQLite writes one after the other, so that ids come in the order of commits: there a bound on ids says as much.
    """
    if is_sqlite():
        yield
    else:
        async with transaction("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"):
            yield


async def finish(statements: Statements) -> None:
    """End the transaction with these writes, in as few trips as the database allows; nothing may follow in it.

    Each is SQL with `?` and its values. None of them sees what another one wrote.
    """
    if statements:
        await cast(Any, client()).finish(statements)


@asynccontextmanager
async def joined() -> AsyncIterator[None]:
    """The transaction that is under way, or one of its own where there is none."""
    if isinstance(client(), TransactionalDBClient):
        yield
    else:
        async with transaction():
            yield


async def retrying(work: Callable[[], Awaitable[T]], tries: int = 3) -> T:
    """Run a whole transaction again when the database chose it as a deadlock's victim."""
    for attempt in range(1, tries + 1):
        try:
            return await work()
        except (OperationalError, asyncpg.TransactionRollbackError) as exc:
            if attempt == tries or not _worth_retrying(exc):
                raise
            await asyncio.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311
    raise AssertionError("unreachable")


def _worth_retrying(exc: Exception) -> bool:
    """A deadlock, or rows that changed under it. Tortoise passes these errors of PostgreSQL on as they are."""
    return isinstance(exc, asyncpg.TransactionRollbackError) or _sqlite_code(exc) in _TAKEN


def is_away(exc: BaseException) -> bool:
    """Whether the database cannot answer, or cannot write, for the moment: nobody asked for anything wrong."""
    if isinstance(exc, asyncpg.InterfaceError):
        return not isinstance(exc, ValueError)  # its connection is closed, unless it did not like a value
    return isinstance(exc, _AWAY) or _sqlite_code(exc) in (*_TAKEN, *_SQLITE_AWAY)


_AWAY = (
    DBConnectionError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it stops, or starts
    asyncpg.InsufficientResourcesError,  # its disk is full, or it has too many guests
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,  # and tried again in vain
    asyncpg.InternalClientError,
)
_TAKEN = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_SQLITE_AWAY = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)


def _sqlite_code(exc: BaseException) -> int | None:
    """SQLite's own primary code for the error, which Tortoise carries inside its own; None for any other."""
    told = exc.args[0] if isinstance(exc, BaseORMException) and exc.args else exc
    code = getattr(told, "sqlite_errorcode", None)  # errors of Python's own module have none
    return None if code is None else code & 0xFF


async def rows(sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """A hand-written statement that answers rows, its values marked `?` whatever the database."""
    connection = client()
    return await connection.execute_query_dict(_marked(sql, connection), list(values))


async def records(sql: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """As `rows`, for the many rows of a planning: the driver's own, read by name, with no dict made of each."""
    connection = client()
    return (await connection.execute_query(_marked(sql, connection), list(values)))[1]


async def write(sql: str, values: Sequence[Any] = ()) -> int:
    """A hand-written INSERT, UPDATE or DELETE; how many rows it changed. For what every tick does.

    SQLite also counts what triggers changed: 0 is 0, anything else is only « some » where a table has one.
    """
    connection = client()
    return (await connection.execute_query(_marked(sql, connection), list(values)))[0]


def _marked(sql: str, connection: BaseDBAsyncClient) -> str:
    return sql if connection.capabilities.dialect == "sqlite" else numbered(sql)


def as_date(value: date | str) -> date:
    """A date of a hand-written SELECT: SQLite gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_instant(value: datetime | str | None) -> datetime | None:
    """A moment of a hand-written SELECT, told in Paris time."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(PARIS)


def as_json(value: Any) -> Any:
    """What a JSON column of a hand-written SELECT holds: both databases give its text."""
    return json.loads(value) if isinstance(value, str) else value


def marks(values: Sequence[Any]) -> str:
    """Question marks for an IN (…), never empty."""
    return ", ".join("?" * len(values)) or "NULL"


def sql_list(values: Iterable[str]) -> str:
    """« ('held', 'confirmed') », for a statement that is written once: words of models.rules, never a visitor's."""
    return "('" + "', '".join(values) + "')"


def instant(moment: datetime) -> datetime | str:
    """A moment for a hand-written statement, as models.storage.fields.Instant keeps it."""
    universal = moment.astimezone(UTC)
    return str(universal) if is_sqlite() else universal
