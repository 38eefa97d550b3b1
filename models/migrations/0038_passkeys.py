"""Keys of devices that open accounts, and the challenges that they have signed."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0037_enrolment_waits")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Passkey",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="passkeys",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="passkeys",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("credential", fields.CharField(max_length=1400)),
                ("handle", fields.CharField(max_length=64)),
                ("public_key", fields.BinaryField()),
                ("signatures", fields.BigIntField()),
                ("name", fields.CharField(max_length=60)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("used_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("removed_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "passkey", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UsedChallenge",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("digest", fields.CharField(max_length=64)),
                ("until", fields.FloatField()),
            ],
            options={"table": "used_challenge", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(constraints.create),
    ]
