"""Prices in full: brackets that are rates, surcharges, time, absences, aids of third parties, small invoices."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0017_till_provider")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Aid",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="aids",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="aids",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("funder", fields.CharField(max_length=60)),
                ("cents", fields.IntField()),
                (
                    "activities",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("start", fields.DateField()),
                ("end", fields.DateField(null=True)),
                ("most_cents", fields.IntField(null=True)),
                ("most_days", fields.IntField(null=True)),
            ],
            options={"table": "aid", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Activity",
            name="absences",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Band",
            name="high",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Band",
            name="low",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Band",
            name="rate",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="Booking",
            name="late",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Slot",
            name="late_pickup",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Slot",
            name="minimum",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Slot",
            name="step",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Tariff",
            name="late",
            field=fields.CharField(null=True, max_length=20),
        ),
        ops.AddField(
            model_name="Till",
            name="least_invoice",
            field=fields.IntField(null=True),
        ),
        ops.RunPython(constraints.create),
    ]
