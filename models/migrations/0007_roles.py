from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

# Leaders answered requests before there were managers. Whoever did keeps it, as a manager beside; the demo's
# own leader shows what the role is from now on.
SQLITE = """
UPDATE member SET roles = json_insert(roles, '$[#]', 'manager')
WHERE (username <> 'animateur' OR name <> 'Animation')
AND EXISTS (SELECT 1 FROM json_each(member.roles) WHERE value = 'leader')
AND NOT EXISTS (SELECT 1 FROM json_each(member.roles) WHERE value IN ('manager', 'administrator'))
"""
POSTGRES = """
UPDATE member SET roles = roles || '["manager"]'
WHERE (username <> 'animateur' OR name <> 'Animation')
AND roles @> '["leader"]' AND NOT roles @> '["manager"]' AND NOT roles @> '["administrator"]'
"""


async def keep_rights(apps: Any, editor: Any) -> None:
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_query(SQLITE if sqlite else POSTGRES)


class Migration(migrations.Migration):
    """A leader calls the roll; a manager answers families."""

    dependencies = [("models", "0006_storage")]

    operations = [ops.RunPython(keep_rights)]
