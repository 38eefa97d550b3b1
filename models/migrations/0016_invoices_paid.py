"""Invoices and debts are paid: what an attempt without an order remembers, the avoir that pays, whose a debt is."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


async def drop_narrow_key(apps: Any, editor: Any) -> None:
    """Several debts may be paid at once from now on: the key of that name is made anew."""
    await editor.client.execute_query("DROP INDEX IF EXISTS uq_payment_part_payment_id_kind_part")


class Migration(migrations.Migration):
    dependencies = [("models", "0015_preferences_and_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CreditUse",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_uses",
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
                        related_name="credit_uses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                ("click", fields.CharField(max_length=64)),
                ("actor", fields.CharField(max_length=100)),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "credit_use", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Entry",
            name="activity",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Entry",
            name="child",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Payment",
            name="click",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="PaymentPart",
            name="entry",
            field=fields.ForeignKeyField(
                "models.Entry",
                source_field="entry_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="payment_parts",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunPython(drop_narrow_key),
        ops.RunPython(constraints.create),
    ]
