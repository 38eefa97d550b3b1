"""The constraints of the schema: what must be unique, positive or untouchable, written once for both databases.

Tortoise forgets CHECK and partial UNIQUE constraints, and its SQLite table rebuild drops indexes and triggers. So
they are made by a migration from this list, and `check_schema()` refuses to start when the catalogue lacks one.
"""

from collections.abc import Iterable
from typing import Any

from models.storage import triggers
from models.storage.constraint_kinds import AppendOnly, Check, Constraint, Index, Unique
from models.storage.constraint_list import CONSTRAINTS, IS_LIVE
from models.storage.database import client, is_sqlite

__all__ = [
    "CONSTRAINTS", "IS_LIVE", "AppendOnly", "Check", "Constraint", "ConstraintMissing", "Index", "Unique",
    "check_schema", "create", "expected",
]  # fmt: skip


class ConstraintMissing(Exception):
    """The database lacks constraints that the portal's promises rest on."""


SQLITE_CATALOGUE = "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')"
POSTGRES_CATALOGUE = (
    "SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema() "
    "UNION SELECT conname FROM pg_constraint WHERE contype = 'c' AND convalidated "
    "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
)

SQLITE_COLUMNS = (
    "SELECT tables.name AS owner, columns.name AS name "
    "FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
)
POSTGRES_COLUMNS = (
    "SELECT table_name AS owner, column_name AS name FROM information_schema.columns "
    "WHERE table_schema = current_schema()"
)


def expected(sqlite: bool, wanted: Iterable[Constraint] | None = None) -> set[str]:
    """Names that the catalogue must hold."""
    names = set()
    for constraint in CONSTRAINTS if wanted is None else wanted:
        if isinstance(constraint, Check):
            names |= (
                {f"{constraint.name}_insert", f"{constraint.name}_update"} if sqlite else {constraint.name}
            )
        elif isinstance(constraint, AppendOnly):
            names |= (
                {f"{constraint.name}_update", f"{constraint.name}_delete"}
                if sqlite
                else {f"{constraint.name}_change"}
            )
        else:
            names.add(constraint.name)
    return names


async def create(apps: Any, editor: Any) -> None:
    """Make those that are missing: the body of a migration. One added later gets a migration that calls it."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    rows = await editor.client.execute_query_dict(SQLITE_CATALOGUE if sqlite else POSTGRES_CATALOGUE)
    there = {row["name"] for row in rows}
    rows = await editor.client.execute_query_dict(SQLITE_COLUMNS if sqlite else POSTGRES_COLUMNS)
    columns = {(row["owner"], row["name"]) for row in rows}
    for constraint in CONSTRAINTS:
        # A later migration brings the columns that are missing, and calls this again.
        if (
            not expected(sqlite, (constraint,)) <= there
            and {(constraint.table, name) for name in constraint.needs} <= columns
        ):
            for statement in constraint.statements(sqlite):
                await editor.client.execute_query(statement)


async def check_schema() -> None:
    """Raises ConstraintMissing when the catalogue lacks a constraint, an index or a trigger. Takes milliseconds."""
    sqlite = is_sqlite()
    rows = await client().execute_query_dict(SQLITE_CATALOGUE if sqlite else POSTGRES_CATALOGUE)
    missing = (expected(sqlite) | triggers.names(sqlite)) - {row["name"] for row in rows}
    if missing:
        raise ConstraintMissing(
            f"The database lacks {', '.join(sorted(missing))}. Restore a backup, or ask for help."
        )
