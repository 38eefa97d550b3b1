"""What the mairie writes: conversations that it begins, notes, messages to many families, text messages."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


async def drop_narrow_state(apps: Any, editor: Any) -> None:
    """The check knew fewer states of a conversation; it is made anew below."""
    if editor.client.capabilities.dialect == "sqlite":
        for verb in ("insert", "update"):
            await editor.client.execute_query(f"DROP TRIGGER IF EXISTS ck_message_thread_state_{verb}")
    else:
        await editor.client.execute_query(
            "ALTER TABLE message_thread DROP CONSTRAINT IF EXISTS ck_message_thread_state"
        )


class Migration(migrations.Migration):
    dependencies = [("models", "0038_passkeys")]

    initial = False

    operations = [
        ops.CreateModel(
            name="MassMessage",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mass_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "topic",
                    fields.ForeignKeyField(
                        "models.Topic",
                        source_field="topic_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mass_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("to_whom", fields.CharField(max_length=400)),
                ("subject", fields.CharField(max_length=100)),
                ("text", fields.TextField(unique=False)),
                ("urgent", fields.BooleanField(default=False)),
                ("click", fields.CharField(max_length=64)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("done_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "mass_message", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MassRecipient",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "mass",
                    fields.ForeignKeyField(
                        "models.MassMessage",
                        source_field="mass_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recipients",
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
                        related_name="mass_recipients",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "thread",
                    fields.ForeignKeyField(
                        "models.MessageThread",
                        source_field="thread_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="mass_recipients",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "mass_recipient", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TextMessage",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.Notice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="text_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="text_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("phone", fields.CharField(max_length=20)),
                ("text", fields.CharField(max_length=160)),
                ("state", fields.CharField(default="waiting", max_length=10)),
                ("reason", fields.CharField(default="", max_length=200)),
                ("carrier", fields.CharField(default="", max_length=20)),
                ("written_at", Instant(auto_now=False, auto_now_add=False)),
                ("sent_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "text_message", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ThreadNote",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "thread",
                    fields.ForeignKeyField(
                        "models.MessageThread",
                        source_field="thread_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notes",
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
                        related_name="thread_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key", fields.CharField(max_length=160)),
                ("text", fields.TextField(unique=False)),
                ("written_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "thread_note", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="MessageThread",
            name="assigned",
            field=fields.ForeignKeyField(
                "models.Member",
                source_field="assigned_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="assigned_threads",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="MessageThread",
            name="begun_by",
            field=fields.ForeignKeyField(
                "models.Member",
                source_field="begun_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="begun_threads",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunPython(drop_narrow_state),
        ops.RunPython(constraints.create),
    ]
