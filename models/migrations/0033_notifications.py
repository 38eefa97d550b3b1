"""Each parent's bell, browsers that ring and the key for them; links that stop e-mails; refused addresses."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


async def leave_the_past_untold(apps: Any, editor: Any) -> None:
    """What was urgent before families could be told of it."""
    await editor.client.execute_query(
        "UPDATE news SET told_at = changed_at WHERE urgent AND changed_at IS NOT NULL"
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0032_family_file")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BellEntry",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bell_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bell_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=200)),
                ("short", fields.CharField(max_length=200)),
                ("path", fields.CharField(max_length=300)),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("read_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "bell_entry", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PushKey",
            fields=[
                ("id", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("public", fields.CharField(max_length=100)),
                ("sealed", fields.BinaryField()),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "push_key", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="push_subscriptions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("endpoint", fields.CharField(max_length=800)),
                ("key", fields.CharField(max_length=100)),
                ("secret", fields.CharField(max_length=40)),
                ("device", fields.CharField(max_length=120)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "push_subscription", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Email",
            name="unsubscribe",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.AddField(
            model_name="Guardian",
            name="refused_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Guardian",
            name="refused_email",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.AddField(
            model_name="News",
            name="told_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunPython(leave_the_past_untold),
        ops.RunPython(constraints.create),
    ]
