"""Whose pages a member of the mairie looks at meanwhile."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints


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
        ops.RunPython(constraints.create),
    ]
