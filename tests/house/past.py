"""Portals of earlier versions, with families in them, and what becomes of their rows."""

from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.migrations.executor import MigrationTarget

from models.families.guardian import Guardian
from models.families.preferences import MOBILE
from models.rules.journal import HOUSE, link
from models.storage import database
from models.storage.database import as_instant, as_json
from models.storage.integrity import verify
from models.storage.migrate import _check_links, _executor, migrate
from tests.house.books import Columns, Content, Files, Rows, Server

PRICED = ("cart_line", "order_line", "booking")  # what was bought in `live` shows by which tariff

# Columns that are no more, as rows had them that lived before: what today's rows cannot tell.
GONE: dict[str, dict[str, Any]] = {"opening": {"overridden": False}, "guardian": {"mobile": "always"}}


# Tables and values that have another name since a migration: « request.kind » says « booking » where it said « book ».
FORMER_TABLES = {"email": "letter"}
RENAMED: dict[str, dict[tuple[str, str], dict[str, str]]] = {
    "0013_family_request": {
        ("request", "kind"): {"booking": "book", "cancellation": "cancel"},
        ("task", "name"): {"send_email": "send_letter"},
    }
}


SALTED = "0045_erasure"  # since when the journal is hashed over a digest of its details
HASHED = {("event", "hash"), ("event_chain", "hash")}  # `verify` says whether they fit


@dataclass
class Past:
    """Portals of earlier versions, with families in them."""

    books: Files | Server
    order: list[str]  # of the tables, parents before children
    shape: Columns  # of today
    since: dict[str, Rows]  # what a portal had, by the first version that could have it

    async def goes_on(self, url: str, name: str, following: str) -> None:
        """An empty one to the next version, with all its rows; then they are taken out, and it is that one's."""
        known = await self._fill(url, name)
        await self._upgraded(bring_to(url, following), name)
        later, after = await self.books.read(url)
        for table, columns in known.items():
            now = table if table in later else FORMER_TABLES[table]
            left = [one for one in columns if one in later[now] and (table, one) not in HASHED]
            was = as_then(following, table, left, cut(self.shape[table], self._rows(name)[table], left))
            assert Counter(was) - Counter(cut(later[now], after[now], left)) == Counter(), (
                f"{table}, from {name}"
            )
        self._still_priced(name, later, after)
        await self.books.clear(url)

    async def comes_to_today(self, empty: str, name: str) -> None:
        """One that waited is brought up to date at once, and every promise holds."""
        url = await self.books.copy(empty, name)
        known = await self._fill(url, name)
        had_mobile = "mobile" in (await self.books.columns(url))["guardian"]
        await self._upgraded(migrate(url), name)
        later, after = await self.books.read(url)
        for table, all_ in known.items():
            columns = [one for one in all_ if (table, one) not in HASHED]
            held = cut(self.shape[table], self._rows(name)[table], columns)
            kept = Counter(cut(later[table], after[table], columns))
            assert Counter(held) - kept == Counter(), f"{table}, from {name}"  # it may add to the journal
        self._still_priced(name, later, after)
        await database.connect(url)
        assert await verify() == [], name
        if had_mobile:
            assert {guardian.prefers(MOBILE) for guardian in await Guardian.all()} == {"always"}, name
        await database.close()
        await self.books.drop(url)

    async def _fill(self, url: str, name: str) -> dict[str, list[str]]:
        """With what it had then; the columns of each table that are still there today."""
        earlier = await self.books.columns(url)
        known, written = {}, Content()
        for table in self.order:
            then = table if table in earlier else FORMER_TABLES.get(table, "")
            if columns := earlier.get(then):
                known[table] = [one for one in columns if one in self.shape[table]]
                held = cut(self.shape[table], self._rows(name)[table], known[table])
                written[then] = with_gone(
                    table, columns, known[table], as_then(name, table, known[table], held)
                )
        if name < SALTED and "hash" in written.get("event", ((), ()))[0]:
            chain_as_then(written)
        await self.books.write(url, written)
        return known

    def _rows(self, name: str) -> Rows:
        return self.since[max(first for first in self.since if name >= first)]

    async def _upgraded(self, work: Awaitable[None], name: str) -> None:
        try:
            await work
        except Exception as exc:
            raise AssertionError(
                f"a portal of {name} with families cannot be brought up to date: {exc}"
            ) from exc

    def _still_priced(self, name: str, later: Columns, after: Rows) -> None:
        tariffs = ("id", "tariff_id")
        for table in PRICED:
            if "tariff_id" in later.get(table, ()):
                told = cut(later[table], after[table], tariffs)
                assert told == cut(self.shape[table], self._rows(name)[table], tariffs), (
                    f"{table}, from {name}"
                )


def chain_as_then(written: Content) -> None:
    """The journal's hashes as they were before its details were salted."""
    columns, rows = written["event"]
    place = {column: columns.index(column) for column in columns}
    ends: dict[int, str] = {}
    chained = []
    for row in sorted(rows, key=lambda row: row[place["id"]]):
        said = {column: row[n] for column, n in place.items()}
        moment, family = as_instant(said["at"]), said["family_id"]
        assert moment
        who, chain = (said["actor"], said["action"], said["object"]), family or HOUSE
        ends[chain] = link(ends.get(chain, ""), moment, *who, family, as_json(said["details"]))
        chained.append(tuple(ends[chain] if n == place["hash"] else value for n, value in enumerate(row)))
    written["event"] = columns, chained
    names, chains = written["event_chain"]
    id, hash = names.index("id"), names.index("hash")
    written["event_chain"] = (
        names,
        [tuple(ends[row[id]] if n == hash else value for n, value in enumerate(row)) for row in chains],
    )


async def bring_to(url: str, name: str) -> None:
    """As `migrate`, which goes on to today: with foreign keys off on SQLite, and looked at afterwards."""
    await database.connect(f"{url}&foreign_keys=OFF" if url.startswith("sqlite") else url)
    await _executor().migrate([MigrationTarget("models", name)])
    if database.is_sqlite():
        await _check_links()
    await database.close()


def cut(columns: Sequence[str], rows: list[tuple[Any, ...]], wanted: Sequence[str]) -> list[tuple[Any, ...]]:
    places = [columns.index(one) for one in wanted]
    return sorted((tuple(row[n] for n in places) for row in rows), key=repr)


def as_then(
    name: str, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """The rows as a portal of that version wrote them."""
    former = {
        column: values
        for since, renamed in RENAMED.items()
        if name < since
        for (owner, column), values in renamed.items()
        if owner == table
    }
    return [
        tuple(
            former[column].get(value, value) if column in former else value
            for column, value in zip(columns, row, strict=True)
        )
        for row in rows
    ]


def with_gone(
    table: str, earlier: Sequence[str], known: list[str], rows: list[tuple[Any, ...]]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    gone = {name: value for name, value in GONE.get(table, {}).items() if name in earlier}
    return [*known, *gone], [(*row, *gone.values()) for row in rows]
