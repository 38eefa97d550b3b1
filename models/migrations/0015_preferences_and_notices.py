from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints

# What a parent chooses is one column, whatever there will be to choose. The usual choice needs no word.
CHOSEN = "UPDATE guardian SET preferences = {chosen} WHERE mobile <> 'auto'"
SQLITE, POSTGRES = "json_object('mobile', mobile)", "jsonb_build_object('mobile', mobile)"


async def keep_choices(apps: Any, editor: Any) -> None:
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_query(CHOSEN.format(chosen=SQLITE if sqlite else POSTGRES))


class Migration(migrations.Migration):
    dependencies = [("models", "0014_tariff_kept")]

    initial = False

    operations = [
        ops.AddField(model_name="Guardian", name="preferences", field=fields.JSONField(null=True)),
        ops.RunPython(keep_choices),
        ops.RemoveField(model_name="Guardian", name="mobile"),
        ops.RunPython(constraints.create),  # SQLite makes the table again
    ]
