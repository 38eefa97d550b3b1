"""Direct debit: mandates, batches, collections, what a till needs for them, and how a payment came."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0020_counter")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DebitBatch",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="debit_batches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("collect_on", fields.DateField()),
                ("message", fields.CharField(max_length=35)),
                ("state", fields.CharField(default="prepared", max_length=10)),
                ("number", fields.IntField()),
                ("cents", fields.BigIntField()),
                ("file", fields.BinaryField(null=True)),
                ("sha256", fields.CharField(default="", db_default="", max_length=64)),
                ("prepared_at", Instant(auto_now=False, auto_now_add=False)),
                ("prepared_by", fields.CharField(max_length=100)),
                ("sent_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "debit_batch", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Mandate",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mandates",
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
                        related_name="mandates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("rum", fields.CharField(max_length=35)),
                ("holder", fields.CharField(max_length=70)),
                ("iban", fields.BinaryField()),
                ("last_four", fields.CharField(max_length=4)),
                ("bic", fields.CharField(default="", db_default="", max_length=11)),
                ("signed_on", fields.DateField()),
                ("state", fields.CharField(default="active", max_length=10)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("made_by", fields.CharField(max_length=100)),
                ("last_used_on", fields.DateField(null=True)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("ended_by", fields.CharField(default="", db_default="", max_length=100)),
            ],
            options={"table": "mandate", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DirectDebit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="debits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "mandate",
                    fields.ForeignKeyField(
                        "models.Mandate",
                        source_field="mandate_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="debits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "batch",
                    fields.ForeignKeyField(
                        "models.DebitBatch",
                        source_field="batch_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="debits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="debits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="planned", max_length=10)),
                ("collect_on", fields.DateField()),
                ("told_on", fields.DateField()),
                ("cents", fields.IntField(null=True)),
                ("sequence", fields.CharField(default="", db_default="", max_length=4)),
                ("reason", fields.CharField(default="", db_default="", max_length=4)),
                ("rejected_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "direct_debit", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Till",
            name="creditor",
            field=fields.CharField(null=True, max_length=70),
        ),
        ops.AddField(
            model_name="Till",
            name="iban",
            field=fields.CharField(null=True, max_length=34),
        ),
        ops.AddField(
            model_name="Till",
            name="ics",
            field=fields.CharField(null=True, max_length=35),
        ),
        ops.AddField(
            model_name="Till",
            name="sepa_format",
            field=fields.CharField(default="pain.008.001.08", db_default="pain.008.001.08", max_length=20),
        ),
        ops.RunPython(constraints.create),
    ]
