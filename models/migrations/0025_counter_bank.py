"""The files of a till's bank, their lines, and what each of them stands for."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0024_messages")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BankFile",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "till",
                    fields.ForeignKeyField(
                        "models.Till",
                        source_field="till_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bank_files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bank_files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("lines", fields.IntField()),
                ("cents", fields.BigIntField()),
            ],
            options={"table": "bank_file", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BankLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "file",
                    fields.ForeignKeyField(
                        "models.BankFile",
                        source_field="file_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credits",
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
                        related_name="bank_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("label", fields.CharField(max_length=200)),
                ("cents", fields.IntField()),
                ("key", fields.CharField(max_length=64)),
            ],
            options={"table": "bank_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BankMatch",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.BankLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="matches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "deposit",
                    fields.ForeignKeyField(
                        "models.Deposit",
                        source_field="deposit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="matches",
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
                        related_name="matches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="matches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "bank_match", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
