"""What a kitchen was told of a day, the files that go with an e-mail, who cooks for an activity; shuttles."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0042_slots_that_need")]

    initial = False

    operations = [
        ops.CreateModel(
            name="EmailAttachment",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "email",
                    fields.ForeignKeyField(
                        "models.Email",
                        source_field="email_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("kind", fields.CharField(max_length=60)),
                ("content", fields.BinaryField()),
            ],
            options={"table": "email_attachment", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KitchenList",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "slot",
                    fields.ForeignKeyField(
                        "models.Slot",
                        source_field="slot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="kitchen_lists",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("closed_at", Instant(auto_now=False, auto_now_add=False)),
                ("taken_at", Instant(auto_now=False, auto_now_add=False)),
                ("expected", fields.IntField()),
                (
                    "lines",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("recipient", fields.CharField(null=True, max_length=254)),
            ],
            options={"table": "kitchen_list", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShuttleLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(max_length=60)),
                ("name", fields.CharField(max_length=200)),
                (
                    "activities",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("position", fields.IntField(default=0)),
                ("offered", fields.BooleanField(default=True)),
            ],
            options={"table": "shuttle_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShuttleStop",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.ShuttleLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stops",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("at", fields.IntField()),
                ("position", fields.IntField(default=0)),
                ("offered", fields.BooleanField(default=True)),
            ],
            options={"table": "shuttle_stop", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChildStop",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stops",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.ShuttleLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="riders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "stop",
                    fields.ForeignKeyField(
                        "models.ShuttleStop",
                        source_field="stop_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="riders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("ended_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "child_stop", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Activity",
            name="kitchen_email",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.RunPython(constraints.create),
    ]
