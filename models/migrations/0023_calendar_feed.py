"""A guardian's calendar, read by other programs under a secret address."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0022_tax_certificates")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar_feeds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seed", fields.CharField(max_length=64)),
                ("digest", fields.CharField(max_length=64)),
                ("opened_at", Instant(auto_now=False, auto_now_add=False)),
                ("closed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "calendar_feed", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
