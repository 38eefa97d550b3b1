from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage import constraints
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0019_invoicing")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Deposit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deposits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("series_year", fields.IntField()),
                ("rank", fields.IntField()),
                ("day", fields.DateField()),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deposits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                ("cash_cents", fields.IntField()),
                ("click", fields.CharField(max_length=64)),
            ],
            options={"table": "deposit", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Receipt",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("series_year", fields.IntField()),
                ("rank", fields.IntField()),
                ("day", fields.DateField()),
                ("taken_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("payer", fields.CharField(max_length=200)),
                ("tendered", fields.IntField(null=True)),
                ("paper_number", fields.CharField(max_length=60)),
                ("bank", fields.CharField(max_length=100)),
                ("drawer", fields.CharField(max_length=200)),
            ],
            options={"table": "receipt", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DepositedReceipt",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "deposit",
                    fields.ForeignKeyField(
                        "models.Deposit",
                        source_field="deposit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="papers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "receipt",
                    fields.ForeignKeyField(
                        "models.Receipt",
                        source_field="receipt_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deposited",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "deposited_receipt", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                ("reason", fields.CharField(max_length=300)),
                ("asked_by", fields.CharField(max_length=100)),
                ("asked_at", Instant(auto_now=False, auto_now_add=False)),
                ("click", fields.CharField(max_length=64)),
                ("state", fields.CharField(default="requested", max_length=10)),
                (
                    "answered_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("answered_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("answer", fields.CharField(null=True, max_length=300)),
            ],
            options={"table": "refund", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reminder",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("level", fields.IntField()),
                ("sent_on", fields.DateField()),
                ("sent_at", Instant(auto_now=False, auto_now_add=False)),
                ("pay_by", fields.DateField()),
                ("cents", fields.IntField()),
                ("recipient", fields.TextField(unique=False)),
                ("delivery", fields.CharField(max_length=10)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "reminder", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RemindedInvoice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "reminder",
                    fields.ForeignKeyField(
                        "models.Reminder",
                        source_field="reminder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invoices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
            ],
            options={"table": "reminded_invoice", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reversal",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reversals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reversals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reversals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
                ("from_bank", fields.BooleanField()),
            ],
            options={"table": "reversal", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TillClosing",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("closed_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="closings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("receipts", fields.IntField()),
                ("taken_cents", fields.IntField()),
                ("float_cents", fields.IntField()),
                ("expected_cents", fields.IntField()),
                ("counted_cents", fields.IntField()),
                (
                    "coins",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
            ],
            options={"table": "till_closing", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WriteOff",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="write_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="write_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="write_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "entry",
                    fields.ForeignKeyField(
                        "models.Entry",
                        source_field="entry_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="write_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                ("reason", fields.CharField(max_length=300)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="write_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("click", fields.CharField(max_length=64)),
            ],
            options={"table": "write_off", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Payment",
            name="method",
            field=fields.CharField(default="card", db_default="card", max_length=10),
        ),
        ops.RunPython(constraints.create),
    ]
