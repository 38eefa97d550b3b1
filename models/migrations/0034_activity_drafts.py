"""An activity that is being made, step by step, until it is published."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0033_notifications")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ActivityDraft",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("click", fields.CharField(max_length=64)),
                (
                    "year",
                    fields.ForeignKeyField(
                        "models.SchoolYear",
                        source_field="year_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="activity_drafts",
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
                        related_name="activity_drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "models.Activity",
                        source_field="activity_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="activity_drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "said",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "done",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("revision", fields.IntField(db_default=0)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("changed_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "activity_draft", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
