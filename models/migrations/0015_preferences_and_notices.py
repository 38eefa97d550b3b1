from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints

# What a parent chooses is one column, whatever there will be to choose. The usual choice needs no word.
CHOSEN = "UPDATE guardian SET preferences = {chosen} WHERE mobile <> 'auto'"
SQLITE, POSTGRES = "json_object('mobile', mobile)", "jsonb_build_object('mobile', mobile)"

# What a task was still to tell of an order or a payment becomes a notice; so does every payment that was
# told of before. The keys of these tasks name what they are about.
NOTICES = {
    "write_confirmation": ("order_confirmed", "order", "confirmation", "made_at", "family_order"),
    "write_receipt": ("payment_received", "payment", "receipt", "COALESCE(paid_at, made_at)", "payment"),
    "write_late_payment": ("payment_late", "payment", "receipt", "COALESCE(paid_at, made_at)", "payment"),
}
UNTOLD = """
INSERT INTO notice (key, kind, family_id, about, facts, at)
SELECT '{kind}:{noun}:' || about.id, '{kind}', about.family_id, '{noun}:' || about.id, '{{}}', {at}
FROM task JOIN {table} AS about ON task.key = '{key}:' || about.id
WHERE task.name = '{task}' AND task.state <> 'done' ORDER BY task.id
"""
TOLD = """
INSERT INTO notice (key, kind, family_id, about, facts, at, told_at)
SELECT said.kind || ':payment:' || said.id, said.kind, said.family_id, 'payment:' || said.id, '{}', said.at, said.at
FROM (SELECT id, family_id, COALESCE(paid_at, made_at) AS at,
    CASE WHEN anomaly IS NULL THEN 'payment_received' ELSE 'payment_late' END AS kind
  FROM payment WHERE state = 'paid') AS said
WHERE NOT EXISTS (SELECT 1 FROM notice WHERE notice.about = 'payment:' || said.id) ORDER BY said.id
"""
TASKS = """
UPDATE task SET name = 'tell', key = 'notice:' || notice.id, args = {array} FROM notice
WHERE task.name = '{task}' AND task.state <> 'done' AND notice.kind = '{kind}'
  AND task.key = '{key}:' || SUBSTR(notice.about, {digits})
"""


async def carry_notices(apps: Any, editor: Any) -> None:
    client = editor.client
    sqlite = client.capabilities.dialect == "sqlite"
    array = "'[' || notice.id || ']'" if sqlite else "CAST('[' || notice.id || ']' AS JSONB)"
    for task, (kind, noun, key, at, table) in NOTICES.items():
        said = {"task": task, "kind": kind, "noun": noun, "key": key, "at": at, "table": table}
        await client.execute_query(UNTOLD.format(**said))
        await client.execute_query(TASKS.format(**said, array=array, digits=len(noun) + 2))
    await client.execute_query(TOLD)


async def keep_choices(apps: Any, editor: Any) -> None:
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_query(CHOSEN.format(chosen=SQLITE if sqlite else POSTGRES))


class Migration(migrations.Migration):
    dependencies = [("models", "0015_issued_documents")]

    initial = False

    operations = [
        ops.AddField(model_name="Guardian", name="preferences", field=fields.JSONField(null=True)),
        ops.RunPython(keep_choices),
        ops.RemoveField(model_name="Guardian", name="mobile"),
        ops.RunPython(carry_notices),
        ops.RunPython(constraints.create),  # SQLite makes the table again
    ]
