"""Whose pages a member of the mairie looks at meanwhile; files of families, and what each of their lines did."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints
from models.storage.fields import Instant


class Migration(migrations.Migration):
    dependencies = [("models", "0040_papers")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Session",
            name="viewed",
            field=fields.ForeignKeyField(
                "models.Guardian",
                source_field="viewed_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="viewers",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.CreateModel(
            name="FamilyImport",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("click", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=120)),
                (
                    "year",
                    fields.ForeignKeyField(
                        "models.SchoolYear",
                        source_field="year_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="family_imports",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "school",
                    fields.ForeignKeyField(
                        "models.School",
                        source_field="school_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="family_imports",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("content", fields.BinaryField(null=True)),
                ("heads", fields.CharField(max_length=64)),
                (
                    "mapping",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("made_by", fields.CharField(max_length=100)),
                ("applied_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("applied_by", fields.CharField(null=True, max_length=100)),
                ("last_event", fields.IntField(null=True)),
                ("dropped_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("undone_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("undone_by", fields.CharField(null=True, max_length=100)),
                ("created", fields.IntField(default=0)),
                ("changed", fields.IntField(default=0)),
                ("same", fields.IntField(default=0)),
                ("wrong", fields.IntField(default=0)),
            ],
            options={"table": "family_import", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "file",
                    fields.ForeignKeyField(
                        "models.FamilyImport",
                        source_field="file_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("line", fields.IntField()),
                ("what", fields.CharField(max_length=10)),
                ("subject", fields.CharField(default="", max_length=100)),
                ("home", fields.IntField(null=True)),
                (
                    "before",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "after",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("kept", fields.BooleanField(default=False)),
            ],
            options={"table": "import_line", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
