"""What everybody may read: news, documents, menus; what the commune says of itself and calls its menu."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0028_attendance")]

    initial = False

    operations = [
        ops.CreateModel(
            name="MealMenu",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.DateField()),
                ("restaurant", fields.CharField(default="", db_default="", max_length=100)),
                ("meal", fields.CharField(max_length=20)),
                (
                    "dishes",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("key", fields.CharField(max_length=64)),
                ("replaced_by", fields.CharField(null=True, max_length=80)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meal_menus",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "meal_menu", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="News",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(max_length=60)),
                ("title", fields.CharField(max_length=200)),
                ("starts", fields.DateField()),
                ("ends", fields.DateField(null=True)),
                ("withdrawn_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("changed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("revision", fields.IntField(default=0)),
                ("summary", fields.CharField(default="", db_default="", max_length=400)),
                ("body", fields.TextField(unique=False)),
                ("urgent", fields.BooleanField(default=False, db_default=False)),
            ],
            options={"table": "news", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PublishedDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(max_length=60)),
                ("title", fields.CharField(max_length=200)),
                ("starts", fields.DateField()),
                ("ends", fields.DateField(null=True)),
                ("withdrawn_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("changed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("revision", fields.IntField(default=0)),
                ("category", fields.CharField(default="", db_default="", max_length=100)),
                ("name", fields.CharField(max_length=100)),
                ("kind", fields.CharField(max_length=30)),
                ("size", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
            ],
            options={"table": "published_document", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Commune",
            name="legal",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Commune",
            name="menu",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Commune",
            name="siret",
            field=fields.CharField(null=True, max_length=14),
        ),
        ops.RunPython(constraints.create),
    ]
