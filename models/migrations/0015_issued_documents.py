"""Papers as they were issued, numbers without a hole, and what an invoice prints."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0014_tariff_kept")]

    initial = False

    operations = [
        ops.CreateModel(
            name="IssuedDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(max_length=120)),
                ("kind", fields.CharField(max_length=20)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issued_documents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("size", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
                ("stored_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "issued_document", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="number_series",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                ("kind", fields.CharField(max_length=20)),
                ("issued", fields.IntField()),
            ],
            options={"table": "number_series", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Family",
            name="address",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Family",
            name="invoice_delivery",
            field=fields.CharField(default="portal", db_default="portal", max_length=10),
        ),
        ops.AddField(
            model_name="Invoice",
            name="delivery",
            field=fields.CharField(default="portal", db_default="portal", max_length=10),
        ),
        ops.AddField(
            model_name="Invoice",
            name="due_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Invoice",
            name="period_end",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Invoice",
            name="period_start",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Invoice",
            name="recipient",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="activity",
            field=fields.ForeignKeyField(
                "models.Activity",
                source_field="activity_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="invoice_lines",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="care_cents",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="child_row",
            field=fields.ForeignKeyField(
                "models.Child",
                source_field="child_row_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="invoice_lines",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="days",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="ends",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="InvoiceLine",
            name="starts",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Till",
            name="advances",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Till",
            name="issuer",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Till",
            name="payment_days",
            field=fields.IntField(default=30, db_default=30),
        ),
        ops.RunPython(constraints.create),
    ]
