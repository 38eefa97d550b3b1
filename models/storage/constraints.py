"""The constraints of the schema: what must be unique, positive or untouchable, written once for both databases.

Tortoise forgets CHECK and partial UNIQUE constraints, and its SQLite table rebuild drops indexes and triggers. So
they are made by a migration from this list, and `check_schema()` refuses to start when the catalogue lacks one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models.rules.booking import LIVE
from models.rules.states.orders import OrderState
from models.rules.states.payments import OPEN, PartKind
from models.rules.states.requests import OF_A_BOOKING, RequestKind, RequestState
from models.storage import triggers
from models.storage.database import client, is_sqlite, sql_list


class ConstraintMissing(Exception):
    """The database lacks constraints that the portal's promises rest on."""


@dataclass(frozen=True)
class Unique:
    table: str
    columns: str
    where: str = ""

    @property
    def name(self) -> str:
        return f"uq_{self.table}_{self.columns.replace(', ', '_')}" + ("_part" if self.where else "")

    @property
    def needs(self) -> set[str]:
        return set(self.columns.split(", "))

    def statements(self, sqlite: bool) -> list[str]:
        condition = f" WHERE {self.where}" if self.where else ""
        return [f"CREATE UNIQUE INDEX IF NOT EXISTS {self.name} ON {self.table} ({self.columns}){condition}"]


@dataclass(frozen=True)
class Index:
    table: str
    columns: str

    @property
    def name(self) -> str:
        return f"ix_{self.table}_{self.columns.replace(', ', '_')}"

    @property
    def needs(self) -> set[str]:
        return set(self.columns.split(", "))

    def statements(self, sqlite: bool) -> list[str]:
        return [f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table} ({self.columns})"]


@dataclass(frozen=True)
class Check:
    """A row that breaks it is refused. SQLite cannot add a CHECK to a table, so it gets two triggers."""

    name: str
    table: str
    condition: str  # over the columns of the new row, each written NEW.column

    @property
    def needs(self) -> set[str]:
        return set(re.findall(r"NEW\.(\w+)", self.condition))

    def statements(self, sqlite: bool) -> list[str]:
        if not sqlite:
            plain = self.condition.replace("NEW.", "")
            return [f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} CHECK ({plain})"]
        return [
            f"CREATE TRIGGER IF NOT EXISTS {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} "
            f"WHEN NOT ({self.condition}) BEGIN SELECT RAISE(ABORT, 'CHECK {self.name}'); END"
            for verb in ("INSERT", "UPDATE")
        ]


@dataclass(frozen=True)
class AppendOnly:
    """Rows are only ever added: no change, no deletion."""

    table: str

    @property
    def name(self) -> str:
        return f"frozen_{self.table}"

    @property
    def needs(self) -> set[str]:
        return {"id"}

    def statements(self, sqlite: bool) -> list[str]:
        if sqlite:
            return [
                f"CREATE TRIGGER IF NOT EXISTS {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ]
        return [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            f"CREATE TRIGGER {self.name}_change BEFORE UPDATE OR DELETE ON {self.table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ]


IS_LIVE = f"state IN {sql_list(LIVE)}"

# What a part of a payment is for, told by its kind: that, and nothing else.
ONE_THING = f"""CASE NEW.kind
  WHEN '{PartKind.ORDER}' THEN NEW.order_id IS NOT NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.INVOICE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NOT NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.DEBT}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NOT NULL
  WHEN '{PartKind.ADVANCE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  ELSE FALSE END"""

Constraint = Unique | Index | Check | AppendOnly

CONSTRAINTS: tuple[Constraint, ...] = (
    Unique("till", "code"),
    Unique("school_year", "name"),
    Unique("school", "code"),
    Unique("activity", "year_id, code"),
    Unique("slot", "activity_id, code"),
    Unique("activity_group", "activity_id, code"),
    Unique("opening", "slot_id, group_id, day"),
    Index("opening", "day, slot_id"),
    Unique("deadline", "activity_id, action, position"),
    Unique("tariff", "activity_id, position"),
    Unique("band", "tariff_id, position"),
    Unique("family", "number"),
    Unique("guardian", "username"),
    Index("guardian", "family_id"),
    Index("guardian", "email"),
    Unique("home", "child_id, family_id"),
    Index("home", "family_id"),
    Unique("schooling", "child_id, year_id"),
    Index("quotient", "family_id"),
    Unique("enrolment", "child_id, activity_id, family_id"),
    Index("enrolment", "family_id"),
    Unique("membership", "child_id, activity_id"),
    Index("membership", "family_id"),
    Unique("membership_declined", "family_id, child_id, activity_id"),
    Unique("member", "username"),
    Unique("session", "digest"),
    Index("throttle", "key, at"),
    Unique("task", "key"),
    Index("task", "state, due"),
    Unique("email", "key"),
    Unique("notice", "key"),
    Index("notice", "family_id"),
    Index("event", "family_id"),
    Index("event", "object"),
    Unique("family_order", "family_id, click, till_id, kind"),
    Unique("family_order", "family_id, till_id", f"state = '{OrderState.HELD}'"),
    Index("order_line", "order_id"),
    Index("order_line", "booking_id"),
    Unique("booking", "child_id, slot_id, day", IS_LIVE),
    Index("booking", "child_id, day"),
    Index("booking", "opening_id"),
    Index("booking", "order_id"),
    Index("booking", "family_id"),
    Unique("cart_line", "family_id, child_id, slot_id, day"),
    Index("cart_line", "family_id"),
    Index("cart_line", "order_id"),
    Unique("batch", "family_id, key"),
    Unique("waiting", "booking_id"),
    Index("waiting", "opening_id"),
    Unique("request", "booking_id", f"state = '{RequestState.PENDING}'"),
    Index("request", "family_id"),
    Index("request", "state"),
    Unique("absence", "booking_id"),
    Index("absence", "family_id"),
    Unique("account", "code"),
    Index("account", "family_id"),
    Unique("entry", "key"),
    Index("leg", "entry_id"),
    Index("leg", "account_id"),
    Index("leg", "invoice_id"),
    Unique("invoice", "till_id, number"),
    Index("invoice", "family_id"),
    Unique("invoice_line", "invoice_id, position"),
    Index("invoice_line", "child_row_id"),
    Unique("number_series", "till_id, year, kind"),
    Unique("issued_document", "key"),
    Index("issued_document", "family_id"),
    *(Unique("payment", f"provider, {name}") for name in ("reference", "bank_number")),
    Unique("payment", "order_id", f"state IN {sql_list(OPEN)}"),
    Index("payment", "order_id"),
    Unique("payment_part", "payment_id, kind", f"kind <> '{PartKind.INVOICE}'"),
    Unique("payment_part", "payment_id, invoice_id"),
    Index("payment_part", "order_id"),
    Index("payment_part", "invoice_id"),
    Unique("anomaly", "key"),
    Index("anomaly", "payment_id"),
    Index("anomaly", "family_id"),
    Index("anomaly", "seen_at"),
    Unique("demo_charge", "token"),
    Unique("demo_charge", "reference"),
    Check(
        "ck_opening_places",
        "opening",
        "NEW.taken >= 0 AND (NEW.places IS NULL OR NEW.taken <= NEW.places + NEW.overrun)",
    ),
    Check(
        "ck_opening_overrun", "opening", "NEW.overrun = 0 OR (NEW.overrun > 0 AND NEW.overrun_by IS NOT NULL)"
    ),
    Check("ck_leg_cents", "leg", "NEW.cents <> 0"),
    Check("ck_payment_cents", "payment", "NEW.cents > 0"),
    Check("ck_payment_part_cents", "payment_part", "NEW.cents > 0"),
    Check("ck_payment_part_kind", "payment_part", ONE_THING),
    Check("ck_cart_line_cents", "cart_line", "NEW.cents >= 0"),
    Check("ck_booking_cents", "booking", "NEW.cents >= 0"),
    Check(
        "ck_request_booking",
        "request",
        f"NEW.kind NOT IN {sql_list(OF_A_BOOKING)} OR NEW.booking_id IS NOT NULL",
    ),
    Check(
        "ck_request_change",
        "request",
        f"NEW.kind <> '{RequestKind.FILE_CHANGE}' OR (NEW.before IS NOT NULL AND NEW.after IS NOT NULL)",
    ),
    Check("ck_order_parts", "family_order", "NEW.debt >= 0 AND NEW.credit >= 0 AND NEW.due >= 0"),
    AppendOnly("entry"),
    AppendOnly("leg"),
    AppendOnly("event"),
    AppendOnly("invoice"),
    AppendOnly("invoice_line"),
    AppendOnly("issued_document"),
    AppendOnly("payment_part"),
)

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
