"""Who books on though late; a match undone, a line set aside; how an avoir was given back; debits shown again."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


async def let_matches_be_undone(apps: Any, editor: Any) -> None:
    """What kept a match as it was for ever goes; constraints.create makes the keys of those that stand."""
    for column in ("line_id", "deposit_id", "payment_id"):
        await editor.client.execute_query(f"DROP INDEX IF EXISTS uq_bank_match_{column}")
    if editor.client.capabilities.dialect == "sqlite":
        for verb in ("update", "delete"):
            await editor.client.execute_query(f"DROP TRIGGER IF EXISTS frozen_bank_match_{verb}")
    else:
        await editor.client.execute_query("DROP TRIGGER IF EXISTS frozen_bank_match_change ON bank_match")


class Migration(migrations.Migration):
    dependencies = [("models", "0029_public_pages")]

    initial = False

    operations = [
        ops.RunPython(let_matches_be_undone),
        ops.CreateModel(
            name="BankAside",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.BankLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="asides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="asides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_asides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "bank_aside", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Exemption",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="exemptions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
                ("until", fields.DateField()),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="exemptions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("click", fields.CharField(max_length=64)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_exemptions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "exemption", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="BankMatch",
            name="reason",
            field=fields.CharField(default="", db_default="", max_length=300),
        ),
        ops.AddField(
            model_name="BankMatch",
            name="undone_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="BankMatch",
            name="undone_by",
            field=fields.ForeignKeyField(
                "models.Member",
                source_field="undone_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="undone_matches",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Till",
            name="block_above",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Till",
            name="block_after_days",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Till",
            name="deposit_to",
            field=fields.CharField(default="", db_default="", max_length=200),
        ),
        ops.RunPython(constraints.create),
    ]
