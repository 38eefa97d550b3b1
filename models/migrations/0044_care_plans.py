"""The paper of a care plan: asked of the children who have one, and sealed."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


async def drop_narrow_per(apps: Any, editor: Any) -> None:
    """The check knew two kinds of whom a paper is asked; it is made anew below."""
    if editor.client.capabilities.dialect == "sqlite":
        for verb in ("insert", "update"):
            await editor.client.execute_query(f"DROP TRIGGER IF EXISTS ck_required_document_per_{verb}")
    else:
        await editor.client.execute_query(
            "ALTER TABLE required_document DROP CONSTRAINT IF EXISTS ck_required_document_per"
        )


class Migration(migrations.Migration):
    dependencies = [("models", "0043_day")]

    initial = False

    operations = [
        ops.AddField(
            model_name="SentDocument",
            name="sealed",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunPython(drop_narrow_per),
        ops.RunPython(constraints.create),
    ]
