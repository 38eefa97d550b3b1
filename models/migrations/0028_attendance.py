"""The roll call: who was there, which services are closed, what that changed of prepaid days."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0027_families")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Attendance",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attendances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(max_length=10)),
                ("reason", fields.CharField(default="", max_length=10)),
                ("arrived", fields.IntField(null=True)),
                ("departed", fields.IntField(null=True)),
                ("fetched_by", fields.CharField(default="", max_length=80)),
                ("proved_on", fields.DateField(null=True)),
                ("unbooked", fields.BooleanField(default=False)),
                ("due_cents", fields.IntField(null=True)),
                (
                    "noted_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="noted_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attendances",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("noted_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "attendance", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollCharge",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "attendance",
                    fields.ForeignKeyField(
                        "models.Attendance",
                        source_field="attendance_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="charges",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cents", fields.IntField()),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roll_charges",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "roll_charge", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollClosing",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "opening",
                    fields.ForeignKeyField(
                        "models.Opening",
                        source_field="opening_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roll_closings",
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
                        related_name="roll_closings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "roll_closing", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
