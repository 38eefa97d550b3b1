"""The family's file as parents keep it: health, contacts, consents, papers; three telephones, the fund, the requests.

The request's form has a name of its own, so that one sent twice asks once.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0031_refunds")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ChildContact",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="contacts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("relation", fields.CharField(max_length=60)),
                ("phone", fields.CharField(max_length=30)),
                ("collects", fields.BooleanField()),
                ("emergency", fields.BooleanField()),
                ("click", fields.CharField(max_length=64)),
                (
                    "added_by",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="added_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="contacts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("added_at", Instant(auto_now=False, auto_now_add=False)),
                ("removed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "child_contact", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChildHealth",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="health",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sealed", fields.BinaryField()),
                ("version", fields.IntField()),
                ("changed_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "child_health", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ConsentAnswer",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "child",
                    fields.ForeignKeyField(
                        "models.Child",
                        source_field="child_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(max_length=30)),
                ("version", fields.IntField()),
                ("granted", fields.BooleanField()),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "consent_answer", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RequiredDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(max_length=60)),
                ("name", fields.CharField(max_length=200)),
                ("per", fields.CharField(max_length=10)),
                ("months", fields.IntField(null=True)),
                ("position", fields.IntField(default=0)),
                ("asked", fields.BooleanField(default=True)),
            ],
            options={"table": "required_document", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SentDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sent_documents",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="sent_documents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "required",
                    fields.ForeignKeyField(
                        "models.RequiredDocument",
                        source_field="required_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sent",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "request",
                    fields.ForeignKeyField(
                        "models.FamilyRequest",
                        source_field="request_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="proofs",
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
                        related_name="sent_documents",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("click", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=100)),
                ("kind", fields.CharField(max_length=30)),
                ("size", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
                ("sent_at", Instant(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=10)),
                ("reason", fields.CharField(default="", db_default="", max_length=500)),
                ("until", fields.DateField(null=True)),
                ("answered_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("answered_by", fields.CharField(null=True, max_length=100)),
            ],
            options={"table": "sent_document", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Commune",
            name="diets",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Family",
            name="confirmed_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Family",
            name="dependants",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Family",
            name="holder",
            field=fields.CharField(default="", db_default="", max_length=100),
        ),
        ops.AddField(
            model_name="Family",
            name="holder_number",
            field=fields.CharField(default="", db_default="", max_length=30),
        ),
        ops.AddField(
            model_name="Family",
            name="scheme",
            field=fields.CharField(default="", db_default="", max_length=10),
        ),
        ops.AddField(
            model_name="FamilyRequest",
            name="form",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="Guardian",
            name="home_phone",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name="Guardian",
            name="work_phone",
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.RunPython(constraints.create),
    ]
