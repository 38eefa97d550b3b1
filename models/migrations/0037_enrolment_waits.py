"""How many children an activity enrols in a year, and who waits for a place in one."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0036_class_events")]

    initial = False

    operations = [
        ops.CreateModel(
            name="EnrolmentWait",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolment_waits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolment_waits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "models.Activity",
                        source_field="activity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolment_waits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "group",
                    fields.ForeignKeyField(
                        "models.Group",
                        source_field="group_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="enrolment_waits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("since", Instant(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(default="waiting", max_length=10)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "enrolment_wait", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Activity",
            name="enrolment_places",
            field=fields.IntField(null=True),
        ),
        ops.RunPython(constraints.create),
    ]
