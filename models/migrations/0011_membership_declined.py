from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0010_answered_together")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Declined",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declined",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declined",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "models.Activity",
                        source_field="activity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declined",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="made_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="declined",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "membership_declined",
                "app": "models",
                "pk_attr": "id",
                "table_description": "« Pas cette année »: a family's answer, kept until it takes it back. An activity belongs to one year.",
            },
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
