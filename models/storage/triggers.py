"""What the planning is drawn from moves a number by itself, so that no writer can forget to say that it changed.

`commune.revision` moves with what the catalogue reads, `family.facts` with what a household's planning knows: whoever
keeps either in memory reads it again then. The triggers are not part of the migrations: `migrate()` takes them off
before it changes tables (SQLite refuses to rename one that a trigger names) and puts them back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from models.storage.database import client, is_sqlite, rows

OWN = "SELECT ROW.family_id FROM changed AS ROW"
HOMES = "SELECT home.family_id FROM changed AS ROW JOIN home ON home.child_id = ROW.child_id"
ITS_HOMES = "SELECT home.family_id FROM changed AS ROW JOIN home ON home.child_id = ROW.id"
FACTS = "UPDATE family SET facts = facts + 1 WHERE id IN ({})"
REVISION = "UPDATE commune SET revision = revision + 1"


@dataclass(frozen=True)
class Counter:
    """Rows of `table` that come, change or go add one to a number."""

    table: str
    families: str = (
        ""  # whose `facts` move: a SELECT from the rows that changed; without one, the commune's revision
    )

    @property
    def name(self) -> str:
        return f"counts_{self.table}"

    @property
    def adds(self) -> str:
        return FACTS.format(self.families) if self.families else REVISION

    def names(self, sqlite: bool) -> set[str]:
        return {f"{self.name}_{what}" for what in (_SQLITE if sqlite else _POSTGRES)}

    def statements(self, sqlite: bool) -> Iterator[str]:
        if sqlite:
            for what, olds in _SQLITE.items():
                bodies = "; ".join(_of_row(self.adds, row) for row in olds)
                yield f"CREATE TRIGGER {self.name}_{what} AFTER {what} ON {self.table} BEGIN {bodies}; END"
            return
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {self.adds.replace('ROW', 'one')}; RETURN NULL; END $$"
        )
        for what, (event, table) in _POSTGRES.items():
            yield (
                f"CREATE TRIGGER {self.name}_{what} AFTER {event} ON {self.table} "
                f"REFERENCING {table} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()"
            )


@dataclass(frozen=True)
class OwnCounter:
    """A row that counts its own changes: those of one column, or of any but the number itself."""

    table: str
    number: str
    column: str = ""

    @property
    def name(self) -> str:
        return f"counts_{self.table}"

    def names(self, sqlite: bool) -> set[str]:
        return {f"{self.name}_update"}

    def statements(self, sqlite: bool) -> Iterator[str]:
        adds = f"UPDATE {self.table} SET {self.number} = {self.number} + 1 WHERE id = NEW.id"  # noqa: S608
        same = "IS" if sqlite else "IS NOT DISTINCT FROM"
        kept = (
            f"OLD.{self.number} {same} NEW.{self.number}"  # a change that this trigger made itself ends there
        )
        moved = f" AND NOT OLD.{self.column} {same} NEW.{self.column}" if self.column else ""
        head = f"CREATE TRIGGER {self.name}_update AFTER UPDATE ON {self.table} FOR EACH ROW WHEN ({kept}{moved})"
        if sqlite:
            yield f"{head} BEGIN {adds}; END"
            return
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {adds}; RETURN NULL; END $$"
        )
        yield f"{head} EXECUTE FUNCTION {self.name}()"


# What is left of a row that moves from one family to another concerns the first one too.
_SQLITE = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
_POSTGRES = {
    "insert": ("INSERT", "NEW"),
    "update": ("UPDATE", "NEW"),
    "leave": ("UPDATE", "OLD"),
    "delete": ("DELETE", "OLD"),
}

COUNTERS: tuple[Counter | OwnCounter, ...] = (
    OwnCounter("commune", "revision"),
    Counter("till"),
    Counter("school_year"),
    Counter("closure"),
    Counter("school"),
    Counter("class_event"),
    Counter("required_document"),
    Counter("activity"),
    Counter("slot"),
    Counter("activity_group"),
    Counter("deadline"),
    Counter("tariff"),
    Counter("band"),
    OwnCounter("family", "facts", "category"),
    Counter("home", OWN),
    Counter("child", ITS_HOMES),
    Counter("schooling", HOMES),
    Counter("quotient", OWN),
    Counter("enrolment", OWN),
    Counter("membership", HOMES),
    Counter("membership_declined", OWN),
)


def names(sqlite: bool) -> set[str]:
    return set().union(*(counter.names(sqlite) for counter in COUNTERS))


async def put_on() -> None:
    """Those that are missing. On the schema of today."""
    there = await _there()
    for counter in COUNTERS:
        if not counter.names(is_sqlite()) <= there:
            await _take_off({name for name in there if name in counter.names(is_sqlite())}, counter.table)
            for statement in counter.statements(is_sqlite()):
                await client().execute_query(statement)


async def take_off() -> None:
    """All of them, also those of another version."""
    for row in await rows(_SQLITE_TRIGGERS if is_sqlite() else _POSTGRES_TRIGGERS):
        await _take_off({row["name"]}, row["owner"])


async def _take_off(some: set[str], table: str) -> None:
    for name in some:
        await client().execute_query(f"DROP TRIGGER {name}" + ("" if is_sqlite() else f" ON {table}"))


async def _there() -> set[str]:
    return {row["name"] for row in await rows(_SQLITE_TRIGGERS if is_sqlite() else _POSTGRES_TRIGGERS)}


_SQLITE_TRIGGERS = (
    "SELECT name, tbl_name AS owner FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'counts_*'"
)
_POSTGRES_TRIGGERS = """
SELECT tgname AS name, relname AS owner FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND starts_with(tgname::text, 'counts_')
"""


def _of_row(statement: str, row: str) -> str:
    """For one row of a trigger of SQLite, which has no table of the rows that changed."""
    single = statement.replace(" FROM changed AS ROW JOIN home ON ", " FROM home WHERE ").replace(
        " FROM changed AS ROW", ""
    )
    return single.replace("ROW.", f"{row}.")
