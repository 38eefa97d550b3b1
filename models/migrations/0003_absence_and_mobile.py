from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0002_nets")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Absence",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reason", fields.CharField(max_length=10)),
                ("billed", fields.BooleanField()),
                ("told_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "told_by",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="told_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={"table": "absence", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Guardian",
            name="mobile",
            field=fields.CharField(default="auto", db_default="auto", max_length=6),
        ),
    ]
