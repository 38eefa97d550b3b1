"""Agents who are invited and blocked, their second step; what the mairie's screens have set of the commune."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.storage.fields import Instant
from tortoise.fields.base import OnDelete
from tortoise import fields

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0034_activity_drafts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Invitation",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("sealed", fields.BinaryField()),
                ("email", fields.CharField(max_length=254)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("expires", fields.FloatField()),
                ("used_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "member_invitation", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recovery_codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("used_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("replaced_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "recovery_code", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Commune",
            name="hours",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Commune",
            name="kept",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Commune",
            name="second_step",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Member",
            name="blocked_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Member",
            name="code_secret",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Member",
            name="code_since",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Member",
            name="code_step",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.RunPython(constraints.create),
    ]
