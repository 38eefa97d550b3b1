"""Who books on though late; a match undone, a line set aside; how an avoir was given back; debits shown again."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0029_public_pages")]

    initial = False

    operations = [
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
            model_name="Till",
            name="block_above",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Till",
            name="block_after_days",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.RunPython(constraints.create),
    ]
