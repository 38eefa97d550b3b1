"""Tortoise's SQLite back end: transactions that begin by taking the write lock, files for their owner only.

Its plain BEGIN reads first and locks later; SQLite then refuses the write at once when another process wrote in
between, whatever the busy timeout. BEGIN IMMEDIATE waits its turn instead.

There is one connection, so a transaction that cannot begin or end must leave it as it was: kept locked, or inside a
transaction that nobody ends, it would serve nobody any more.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from models.storage import private
from models.storage.folding import fold

Statements = Sequence[tuple[str, Sequence[Any]]]
BESIDE = ("-wal", "-shm", "-journal", ".lock")
COPIES = BEFORE_MIGRATION, BEFORE_RESTORE = ".before-migration.sqlite3", ".before-restore.sqlite3"


class ImmediateTransaction(SqliteTransactionWrapper):
    """`first` is a statement without values that begins it: both go to the connection's thread in one trip."""

    def __init__(self, connection: SqliteClient, first: str = "") -> None:
        super().__init__(connection)
        self._first = first

    async def begin(self) -> None:
        try:
            await self._connection.executescript(f"BEGIN IMMEDIATE; {self._first}")
        except sqlite3.OperationalError as exc:
            await self._connection.rollback()
            raise TransactionManagementError(exc) from exc
        except BaseException:  # given up while it waited: the thread may begin all the same
            await self._connection.rollback()
            raise

    async def commit(self) -> None:
        """What the disk refuses is undone: half of it must not stay for the next one to commit."""
        try:
            await super().commit()
        except sqlite3.Error as exc:
            await self._connection.rollback()
            raise TransactionManagementError(exc) from exc

    @translate_exceptions
    async def finish(self, statements: Statements) -> None:
        """The last statements and the end, in one trip to the thread: aiosqlite has no public way for several."""
        for sql, values in statements:
            self.log.debug("%s: %s", sql, values)
        work = self._connection._execute(_write, self._connection._conn, statements)  # type: ignore[no-untyped-call]
        await work
        self._finalized = True


def _write(connection: sqlite3.Connection, statements: Statements) -> None:
    for sql, values in statements:
        connection.execute(sql, values)
    try:
        connection.commit()
    except sqlite3.Error as exc:
        connection.rollback()
        raise TransactionManagementError(exc) from exc


class ImmediateContext(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client


class ImmediateClient(SqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        if self.filename != ":memory:":
            keep_private(Path(self.filename))
        await super().create_connection(with_db)
        if self._connection is not None:
            await self._connection.create_function("fold", 1, _fold, deterministic=True)

    def _in_transaction(self) -> TransactionContext:
        return self.beginning("")

    def beginning(self, first: str) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self, first), self._lock)


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(str(text))


def keep_private(path: Path) -> None:
    """The file, made if it is not there, and what lies beside it. SQLite gives its log the mode of the file."""
    private.make(path)
    for one in (path, *(Path(f"{path}{end}") for end in BESIDE), *map(path.with_suffix, COPIES)):
        private.tighten(one)


client_class: Any = ImmediateClient
