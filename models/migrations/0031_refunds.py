"""An avoir is given back in cash, with a discharge, or on the card that paid; a mandate has its paper."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0030_money")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CardRefund",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "models.Refund",
                        source_field="refund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="card_refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="card_refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="ordered", max_length=10)),
                (
                    "ordered_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="ordered_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="card_refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ordered_at", Instant(auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(default=0, db_default=0)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("said", fields.CharField(default="", db_default="", max_length=100)),
            ],
            options={"table": "card_refund", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Discharge",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "models.Refund",
                        source_field="refund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="discharges",
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
                        related_name="discharges",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.CharField(max_length=60)),
                ("series_year", fields.IntField()),
                ("rank", fields.IntField()),
                ("day", fields.DateField()),
                ("given_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="discharges",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("payee", fields.CharField(max_length=200)),
            ],
            options={"table": "discharge", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="DemoCharge",
            name="given_back",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Refund",
            name="method",
            field=fields.CharField(default="transfer", db_default="transfer", max_length=10),
        ),
        ops.AddField(
            model_name="Mandate",
            name="paper",
            field=fields.BinaryField(null=True),
        ),
        ops.RunPython(constraints.create),
    ]
