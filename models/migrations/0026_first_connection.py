"""How an account is opened and got back: letters, links of one use, an access that the mairie closes."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0025_counter_bank")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LetterRun",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("click", fields.CharField(max_length=64)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letter_runs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("count", fields.IntField()),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("file", fields.BinaryField(null=True)),
            ],
            options={"table": "letter_run", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Letter",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "run",
                    fields.ForeignKeyField(
                        "models.LetterRun",
                        source_field="run_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("sealed", fields.BinaryField()),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("used_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "access_letter", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Token",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tokens",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("purpose", fields.CharField(max_length=20)),
                ("digest", fields.CharField(max_length=64)),
                ("sealed", fields.BinaryField()),
                ("email", fields.CharField(max_length=254)),
                (
                    "facts",
                    fields.JSONField(
                        default=dict, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("expires", fields.FloatField()),
                ("used_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("revoked", fields.BooleanField(default=False)),
            ],
            options={"table": "access_token", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Email",
            name="sealed",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Guardian",
            name="blocked_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunPython(constraints.create),
    ]
