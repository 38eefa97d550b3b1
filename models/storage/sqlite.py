"""Tortoise's SQLite back end: transactions that begin by taking the write lock, files for their owner only.

Its plain BEGIN reads first and locks later; SQLite then refuses the write at once when another process wrote in
between, whatever the busy timeout. BEGIN IMMEDIATE waits its turn instead.

There is one connection, so a transaction that cannot begin or end must leave it as it was: kept locked, or inside a
transaction that nobody ends, it would serve nobody any more.
"""

import sqlite3
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from models.storage import private
from models.storage.folding import fold

BESIDE = ("-wal", "-shm", "-journal", ".lock")
COPIES = BEFORE_MIGRATION, BEFORE_RESTORE = ".before-migration.sqlite3", ".before-restore.sqlite3"


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
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
        return ImmediateContext(ImmediateTransaction(self), self._lock)


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(str(text))


def keep_private(path: Path) -> None:
    """The file, made if it is not there, and what lies beside it. SQLite gives its log the mode of the file."""
    private.make(path)
    for one in (path, *(Path(f"{path}{end}") for end in BESIDE), *map(path.with_suffix, COPIES)):
        private.tighten(one)


client_class: Any = ImmediateClient
