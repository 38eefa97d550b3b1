"""The paper of « Mes données », while a parent may fetch it."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage.fields import Instant


class Migration(migrations.Migration):
    dependencies = [("models", "0044_care_plans")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DataCopy",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="data_copies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_at", Instant(auto_now=False, auto_now_add=False)),
                ("expires", fields.FloatField()),
                ("content", fields.BinaryField(null=True)),
            ],
            options={"table": "data_copy", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
