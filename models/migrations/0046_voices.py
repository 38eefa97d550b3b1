"""When a family itself has said the last day of an enrolment; the file of a message to many, kept once."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints
from models.storage.fields import Instant


class Migration(migrations.Migration):
    dependencies = [("models", "0045_erasure")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Enrolment",
            name="left_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.CreateModel(
            name="MassAttachment",
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
                        related_name="mass_attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("kind", fields.CharField(max_length=30)),
                ("size", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("content", fields.BinaryField()),
                ("added_at", Instant(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "mass_attachment", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="MessageAttachment",
            name="mass",
            field=fields.ForeignKeyField(
                "models.MassAttachment",
                source_field="mass_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="copies",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunPython(constraints.create),
    ]
