"""Tortoise's PostgreSQL back end, with a pool that loses no connection when a transaction cannot begin.

Tortoise takes a connection and then says BEGIN; when the server goes away in between, it keeps the connection for
ever. Ten such moments are the whole pool, and the portal would wait for itself after the server is back.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections

Statements = Sequence[tuple[str, Sequence[Any]]]


class PlainConnection(asyncpg.Connection):  # type: ignore[misc, no-any-unimported] # asyncpg has no types
    """A pooled connection given back as it is: the portal sets nothing on it, and resetting it is a round trip more."""

    _first = ""

    def get_reset_query(self) -> str:
        return ""

    def begin_with(self, first: str) -> None:
        """A statement without values that goes with the next BEGIN: one round trip for both."""
        self._first = first

    async def execute(self, query: str, *values: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        if self._first and query == "BEGIN;":
            query, self._first = f"BEGIN; {self._first}", ""
        return await super().execute(query, *values, timeout=timeout)


class Transaction(TransactionWrapper):
    def __init__(self, client: AsyncpgDBClient, first: str = "") -> None:
        super().__init__(client)
        self._first = first

    async def begin(self) -> None:
        if self._first:
            self._connection.begin_with(self._first)
        await super().begin()

    async def finish(self, statements: Statements) -> None:
        """The last statements, in one round trip, and the end."""
        await self.execute_query(
            together(tuple(sql for sql, _ in statements)),
            [value for _, values in statements for value in values],
        )
        await self.commit()


@lru_cache(500)
def together(statements: tuple[str, ...]) -> str:
    """One statement that runs them all; none sees what another one wrote. Their marks are still `?`."""
    *before, last = statements
    named = ", ".join(f"w{n} AS ({sql})" for n, sql in enumerate(before))
    return numbered(f"WITH {named} {last}" if named else last)


@lru_cache(500)
def numbered(sql: str) -> str:
    """PostgreSQL numbers its marks."""
    parts = sql.split("?")
    return parts[0] + "".join(f"${n}{part}" for n, part in enumerate(parts[1:], start=1))


class PooledTransaction(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class PostgresClient(AsyncpgDBClient):
    def _in_transaction(self) -> TransactionContext:
        return self.beginning("")

    def beginning(self, first: str) -> TransactionContext:
        return PooledTransaction(Transaction(self, first), self._pool_init_lock)


client_class: Any = PostgresClient
