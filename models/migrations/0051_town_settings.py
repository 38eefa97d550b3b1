"""The logo that a mairie sends, how long things are kept, what opens a covered tablet."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0050_import_kinds")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TownLogo",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=16)),
                ("name", fields.CharField(max_length=100)),
                ("alt", fields.CharField(default="", db_default="", max_length=120)),
                ("content", fields.BinaryField()),
                ("small", fields.BinaryField()),
                ("width", fields.IntField()),
                ("height", fields.IntField()),
            ],
            options={"table": "town_logo", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Commune",
            name="own_logo",
            field=fields.ForeignKeyField(
                "models.TownLogo",
                source_field="own_logo_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="towns",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Commune",
            name="retention",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Commune",
            name="roll_pin",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Member",
            name="roll_pin",
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.RunPython(constraints.create),
    ]
