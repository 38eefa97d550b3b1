"""Tax certificates: a year's run, and what each family paid for care."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0022_rulebook")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CertificateRun",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("year", fields.IntField()),
                ("version", fields.IntField(default=1, db_default=1)),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="made_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="certificate_runs_made",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("prepared_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="issued_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="certificate_runs_issued",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("issuing_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("issued_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "certificate_run", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Certificate",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "run",
                    fields.ForeignKeyField(
                        "models.CertificateRun",
                        source_field="run_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="certificates",
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
                        related_name="certificates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField()),
                ("cents", fields.IntField()),
                (
                    "children",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "tills",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("payer", fields.CharField(max_length=300)),
                ("recipient", fields.TextField(unique=False)),
                (
                    "replaces",
                    fields.ForeignKeyField(
                        "models.Certificate",
                        source_field="replaces_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="replaced_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("issued_on", fields.DateField(null=True)),
            ],
            options={"table": "tax_certificate", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
