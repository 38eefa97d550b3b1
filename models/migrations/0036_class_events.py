"""Classes that are not there on some days, and the bookings that this cancelled."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0035_staff_accounts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ClassEvent",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "year",
                    fields.ForeignKeyField(
                        "models.SchoolYear",
                        source_field="year_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="class_events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                (
                    "classes",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "days",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("ends", fields.DateField()),
                (
                    "activities",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("words", fields.TextField(unique=False)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("made_by", fields.CharField(max_length=100)),
                ("click", fields.CharField(max_length=64)),
                ("done_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_by", fields.CharField(null=True, max_length=100)),
                ("returned_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "class_event", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CancelledDay",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "event",
                    fields.ForeignKeyField(
                        "models.ClassEvent",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cancelled_days",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="class_events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("was", fields.CharField(max_length=10)),
                ("cents", fields.IntField()),
                ("returned_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("kept", fields.CharField(default="", max_length=10)),
            ],
            options={"table": "cancelled_day", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
