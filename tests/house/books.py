"""The rows of a whole database, read and written without Tortoise, which only knows today's tables."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg

from tests import servers

Columns = dict[str, list[str]]
Rows = dict[str, list[tuple[Any, ...]]]
Content = dict[str, tuple[list[str], list[tuple[Any, ...]]]]  # of a table: its columns, its rows


class Files:
    """SQLite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def empty(self) -> str:
        return f"sqlite://{self._folder / 'empty'}.sqlite3?synchronous=OFF"

    async def copy(self, url: str, name: str) -> str:
        copy = self._folder / f"{name}.sqlite3"
        shutil.copy(self._path(url), copy)
        return f"sqlite://{copy}?synchronous=OFF"

    async def columns(self, url: str) -> Columns:
        with closing(self._open(url)) as file:
            names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: [row[1] for row in file.execute(f"PRAGMA table_info({name})")] for name in names}

    async def read(self, url: str) -> tuple[Columns, Rows]:
        columns = await self.columns(url)
        with closing(self._open(url)) as file:
            return columns, {
                name: file.execute(f"SELECT {_list(columns[name])} FROM {name}").fetchall()
                for name in columns
            }

    async def write(self, url: str, content: Content) -> None:
        with closing(self._open(url)) as file:
            for table, (columns, rows) in content.items():
                marks = ", ".join("?" * len(columns))
                file.executemany(f"INSERT INTO {table} ({_list(columns)}) VALUES ({marks})", rows)
            file.commit()

    async def clear(self, url: str) -> None:
        """Take every row out, but for what says which migrations were applied."""
        names = set(await self.columns(url)) - {"tortoise_migrations"}
        with closing(self._open(url)) as file:
            triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            statements = [f"DROP TRIGGER {name}" for name, _ in triggers]
            statements += [f"DELETE FROM {name}" for name in names]
            for statement in (*statements, *(sql for _, sql in triggers)):
                file.execute(statement)
            file.commit()

    async def drop(self, url: str) -> None:
        Path(self._path(url)).unlink()

    def _open(self, url: str) -> sqlite3.Connection:
        return sqlite3.connect(self._path(url))

    def _path(self, url: str) -> str:
        return url.removeprefix("sqlite://").partition("?")[0]


class Server:
    """PostgreSQL."""

    def __init__(self, server: str) -> None:
        self._server = server

    async def empty(self) -> str:
        return await servers.create_database(self._server)

    async def copy(self, url: str, name: str) -> str:
        return await servers.create_database(self._server, url.rpartition("/")[2])

    async def columns(self, url: str) -> Columns:
        async with self._open(url) as connection:
            return await self._columns(connection)

    async def read(self, url: str) -> tuple[Columns, Rows]:
        async with self._open(url) as connection:
            columns = await self._columns(connection)
            rows = {
                table: [tuple(row) for row in await connection.fetch(f"SELECT {_list(names)} FROM {table}")]
                for table, names in columns.items()
            }
            return columns, rows

    async def write(self, url: str, content: Content) -> None:
        """With the next id after those that are there."""
        async with self._open(url) as connection:
            for table, (columns, rows) in content.items():
                if rows:
                    await connection.copy_records_to_table(table, records=rows, columns=columns)
            await connection.execute(NEXT_IDS)

    async def clear(self, url: str) -> None:
        """Take every row out, but for what says which migrations were applied."""
        await servers.empty(url)

    async def drop(self, url: str) -> None:
        await servers.drop_database(url, self._server)

    async def _columns(self, connection: asyncpg.Connection) -> Columns:
        columns: Columns = {}
        for table, column in await connection.fetch(POSTGRES_COLUMNS):
            columns.setdefault(table, []).append(column)
        return columns

    @asynccontextmanager
    async def _open(self, url: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(url.replace("asyncpg:", "postgresql:"))
        try:
            yield connection
        finally:
            await connection.close()


POSTGRES_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position
"""

NEXT_IDS = """
DO $$
DECLARE
  one TEXT;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    IF pg_get_serial_sequence(one, 'id') IS NOT NULL THEN
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), (SELECT COALESCE(MAX(id), 0) + 1 FROM %I), false)',
        one, 'id', one);
    END IF;
  END LOOP;
END $$
"""


def _list(columns: Sequence[str]) -> str:
    return ", ".join(f'"{one}"' for one in columns)
