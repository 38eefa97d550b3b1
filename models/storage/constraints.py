"""The constraints of the schema: what must be unique, positive or untouchable, written once for both databases.

Tortoise forgets CHECK and partial UNIQUE constraints, and its SQLite table rebuild drops indexes and triggers. So
they are made by a migration from this list, and `check_schema()` refuses to start when the catalogue lacks one.
"""

from collections.abc import Iterable
from typing import Any

from models.rules.attachments import FileType
from models.rules.booking import LIVE
from models.rules.states.campaigns import UNDER_WAY
from models.rules.states.debits import IN_BATCH, DebitState, MandateState
from models.rules.states.debits import LIVE as LIVE_DEBITS
from models.rules.states.orders import OrderState
from models.rules.states.payments import OPEN, PartKind
from models.rules.states.requests import OF_A_BOOKING, RequestKind, RequestState
from models.rules.states.threads import ThreadState
from models.storage import triggers
from models.storage.constraint_kinds import AppendOnly, Check, Constraint, Index, Unique
from models.storage.database import client, is_sqlite, sql_list

__all__ = [
    "CONSTRAINTS", "IS_LIVE", "AppendOnly", "Check", "Constraint", "ConstraintMissing", "Index", "Unique",
    "check_schema", "create", "expected",
]  # fmt: skip


class ConstraintMissing(Exception):
    """The database lacks constraints that the portal's promises rest on."""


IS_LIVE = f"state IN {sql_list(LIVE)}"

# What a part of a payment is for, told by its kind: that, and nothing else.
ONE_THING = f"""CASE NEW.kind
  WHEN '{PartKind.ORDER}' THEN NEW.order_id IS NOT NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.INVOICE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NOT NULL AND NEW.till_id IS NULL
  WHEN '{PartKind.DEBT}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NOT NULL
  WHEN '{PartKind.ADVANCE}' THEN NEW.order_id IS NULL AND NEW.invoice_id IS NULL AND NEW.till_id IS NULL
  ELSE FALSE END"""

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
    Index("aid", "family_id"),
    Unique("enrolment", "child_id, activity_id, family_id"),
    Index("enrolment", "family_id"),
    Unique("membership", "child_id, activity_id"),
    Index("membership", "family_id"),
    Unique("membership_declined", "family_id, child_id, activity_id"),
    Unique("member", "username"),
    Unique("session", "digest"),
    Unique("calendar_feed", "digest"),
    Unique("calendar_feed", "guardian_id", "closed_at IS NULL"),
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
    Unique("invoice", "till_id, series_year, rank"),
    Unique("credit_note", "till_id, number"),
    Unique("credit_note", "till_id, series_year, rank"),
    Index("credit_note", "invoice_id"),
    Index("credit_note", "family_id"),
    Unique("credit_note_line", "credit_note_id, position"),
    Unique("invoice_campaign", "till_id", f"state IN {sql_list(UNDER_WAY)}"),
    Unique("invoice_draft", "campaign_id, family_id"),
    Index("invoice_draft", "family_id"),
    Unique("invoice_draft", "invoice_id"),
    Unique("invoiced_booking", "booking_id", "credit_note_id IS NULL"),
    Index("invoiced_booking", "invoice_id"),
    Index("invoiced_booking", "booking_id"),
    Index("invoiced_booking", "credit_note_id"),
    Index("booking", "day, family_id"),
    Unique("certificate_run", "year", "issued_at IS NULL"),
    Unique("tax_certificate", "run_id, family_id"),
    Unique("tax_certificate", "replaces_id", "issued_on IS NOT NULL"),
    Index("tax_certificate", "family_id"),
    Index("tax_certificate", "year"),
    Unique("number_series", "till_id, year, kind"),
    Unique("issued_document", "key"),
    Index("issued_document", "family_id"),
    Unique("payment", "provider, reference"),
    Unique("payment", "family_id, click, till_id"),
    Unique("payment", "provider, bank_number"),
    Unique("payment", "order_id", f"state IN {sql_list(OPEN)}"),
    Index("payment", "order_id"),
    Unique("payment_part", "payment_id, kind", f"kind <> '{PartKind.INVOICE}' AND entry_id IS NULL"),
    Unique("payment_part", "payment_id, entry_id"),
    Unique("payment_part", "payment_id, invoice_id"),
    Index("payment_part", "order_id"),
    Index("payment_part", "invoice_id"),
    Index("payment_part", "entry_id"),
    Unique("credit_use", "family_id, click, invoice_id"),
    Unique("mandate", "rum"),
    Unique("mandate", "family_id, till_id", f"state = '{MandateState.ACTIVE}'"),
    Index("mandate", "family_id"),
    Unique("debit_batch", "message"),
    Unique("direct_debit", "invoice_id", f"state IN {sql_list(LIVE_DEBITS)}"),
    Unique("direct_debit", "payment_id"),
    Index("direct_debit", "invoice_id"),
    Index("direct_debit", "mandate_id"),
    Index("direct_debit", "batch_id"),
    Index("direct_debit", "state"),
    Unique("anomaly", "key"),
    Index("anomaly", "payment_id"),
    Index("anomaly", "family_id"),
    Index("anomaly", "seen_at"),
    Unique("department", "code"),
    Unique("topic", "department_id, name"),
    Index("message_thread", "family_id"),
    Index("message_thread", "state"),
    Unique("message", "key"),
    Index("message", "thread_id"),
    Index("message_attachment", "message_id"),
    Unique("receipt", "payment_id"),
    Unique("receipt", "till_id, number"),
    Unique("receipt", "till_id, series_year, rank"),
    Index("receipt", "till_id, day"),
    Unique("reversal", "payment_id"),
    Index("reversal", "till_id, day"),
    Unique("till_closing", "till_id, day"),
    Unique("deposit", "till_id, number"),
    Unique("deposit", "till_id, series_year, rank"),
    Unique("deposit", "till_id, click"),
    Unique("deposited_receipt", "receipt_id"),
    Index("deposited_receipt", "deposit_id"),
    Unique("write_off", "family_id, click"),
    Index("write_off", "entry_id"),
    Index("write_off", "invoice_id"),
    Unique("reminder", "family_id, till_id, sent_on"),
    Unique("reminded_invoice", "reminder_id, invoice_id"),
    Index("reminded_invoice", "invoice_id"),
    Unique("refund", "family_id, click"),
    Index("refund", "state"),
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
    Check("ck_payment_part_entry", "payment_part", f"NEW.entry_id IS NULL OR NEW.kind = '{PartKind.DEBT}'"),
    Check("ck_credit_use_cents", "credit_use", "NEW.cents > 0"),
    Check("ck_cart_line_cents", "cart_line", "NEW.cents >= 0"),
    Check("ck_booking_cents", "booking", "NEW.cents >= 0"),
    Check("ck_tax_certificate_cents", "tax_certificate", "NEW.cents >= 0"),
    Check("ck_credit_note_cents", "credit_note", "NEW.cents > 0"),
    Check(
        "ck_credit_note_applied",
        "credit_note",
        "NEW.applied_cents >= 0 AND NEW.applied_cents <= NEW.cents",
    ),
    Check(
        "ck_invoice_rank",
        "invoice",
        "NEW.before_portal OR (NEW.rank IS NOT NULL AND NEW.series_year IS NOT NULL)",
    ),
    Check(
        "ck_slot_time", "slot", "(NEW.step IS NULL OR NEW.step > 0) AND (NEW.minimum IS NULL OR NEW.step > 0)"
    ),
    Check("ck_aid_days", "aid", 'NEW."end" IS NULL OR NEW."end" >= NEW.start'),
    Check(
        "ck_aid_sums",
        "aid",
        "NEW.cents > 0 AND (NEW.most_cents IS NULL OR NEW.most_cents > 0) "
        "AND (NEW.most_days IS NULL OR NEW.most_days > 0)",
    ),
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
    Check(
        "ck_message_author",
        "message",
        "(NEW.guardian_id IS NULL AND NEW.member_id IS NOT NULL) "
        "OR (NEW.guardian_id IS NOT NULL AND NEW.member_id IS NULL)",
    ),
    Check("ck_message_attachment_size", "message_attachment", "NEW.size > 0"),
    Check("ck_message_attachment_kind", "message_attachment", f"NEW.kind IN {sql_list(FileType)}"),
    Check("ck_message_thread_state", "message_thread", f"NEW.state IN {sql_list(ThreadState)}"),
    Check("ck_debit_batch_cents", "debit_batch", "NEW.number > 0 AND NEW.cents > 0"),
    Check(
        "ck_direct_debit_batch",
        "direct_debit",
        f"(NEW.state IN {sql_list(IN_BATCH)}) = (NEW.batch_id IS NOT NULL)",
    ),
    Check(
        "ck_direct_debit_cents",
        "direct_debit",
        "CASE WHEN NEW.batch_id IS NULL THEN NEW.cents IS NULL ELSE COALESCE(NEW.cents > 0, FALSE) END",
    ),
    Check(
        "ck_direct_debit_payment",
        "direct_debit",
        f"NEW.payment_id IS NULL OR NEW.state IN ('{DebitState.PAID}', '{DebitState.REJECTED}')",
    ),
    Check("ck_order_parts", "family_order", "NEW.debt >= 0 AND NEW.credit >= 0 AND NEW.due >= 0"),
    Check("ck_receipt_tendered", "receipt", "NEW.tendered IS NULL OR NEW.tendered > 0"),
    Check("ck_reversal_reason", "reversal", "NEW.reason <> ''"),
    Check(
        "ck_till_closing_reason",
        "till_closing",
        "NEW.counted_cents = NEW.expected_cents OR NEW.reason <> ''",
    ),
    Check("ck_write_off", "write_off", "NEW.cents > 0 AND NEW.reason <> ''"),
    Check("ck_refund_cents", "refund", "NEW.cents > 0"),
    Check("ck_deposit_cents", "deposit", "NEW.cents > 0 AND NEW.cash_cents >= 0"),
    AppendOnly("entry"),
    AppendOnly("leg"),
    AppendOnly("event"),
    AppendOnly("invoice"),
    AppendOnly("invoice_line"),
    AppendOnly("credit_note"),
    AppendOnly("credit_note_line"),
    AppendOnly("issued_document"),
    AppendOnly("message_attachment"),
    AppendOnly("payment_part"),
    AppendOnly("credit_use"),
    AppendOnly("receipt"),
    AppendOnly("reversal"),
    AppendOnly("till_closing"),
    AppendOnly("write_off"),
    AppendOnly("reminder"),
    AppendOnly("reminded_invoice"),
    AppendOnly("deposit"),
    AppendOnly("deposited_receipt"),
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
