from datetime import UTC, datetime
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints
from models.storage.fields import Instant

# A request may be about anything: the booking may be null, and what changes stands beside it. SQLite could not change
# the column without making the table again, so it is made again on both databases: aside, anew, back.
ASIDE = "CREATE TABLE request_before AS SELECT * FROM request"
BACK = """
INSERT INTO request (id, family_id, kind, subject, booking_id, state, reason, made_at, answered_at, answered_by_id)
SELECT id, family_id, CASE kind WHEN 'book' THEN 'booking' ELSE 'cancellation' END, 'booking:' || booking_id, booking_id,
  state, reason, made_at, answered_at, answered_by_id
FROM request_before
"""
NEXT_ID = """
SELECT setval(pg_get_serial_sequence('request', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM request), false)
"""

# A letter is what goes out on paper. The index has the table's name: the one of `email` is made with the others.
NO_LETTER_INDEX = "DROP INDEX IF EXISTS uq_letter_key"
LETTER_TASKS = """
UPDATE task SET name = 'send_email', key = CASE WHEN key LIKE 'letter:%' THEN 'email:' || SUBSTR(key, 8) ELSE key END
WHERE name = 'send_letter'
"""

# What a family is told of is a notice. Each answer becomes one, told or not; so does what a task was still to tell.
ANSWERS = """
INSERT INTO notice (key, kind, family_id, about, facts, at, told_at)
SELECT 'request_answered:request:' || id, 'request_answered', family_id, 'request:' || id, '{}', answered_at, told_at
FROM request_before WHERE state IN ('accepted', 'refused') AND answered_at IS NOT NULL ORDER BY id
"""
PLACES = """
INSERT INTO notice (key, kind, family_id, about, facts, at)
SELECT 'place_' || kinds.now || ':booking:' || booking.id, 'place_' || kinds.now, booking.family_id,
  'booking:' || booking.id, '{}', booking.changed_at
FROM task
JOIN (SELECT 'offered' AS was, 'offered' AS now UNION ALL SELECT 'served', 'confirmed' UNION ALL
  SELECT 'lapsed', 'lapsed') AS kinds ON task.key LIKE kinds.was || ':%'
JOIN booking ON task.key = kinds.was || ':' || booking.id
WHERE task.name = 'write_waiting' AND task.state <> 'done' ORDER BY task.id
"""
TASKS_OF_ACCOUNTS = (
    "SELECT id, key FROM task WHERE name = 'write_password_changed' AND state <> 'done' ORDER BY id"
)
OF_ACCOUNT = """
INSERT INTO notice (key, kind, family_id, guardian_id, about, facts, at)
SELECT 'password_changed:guardian:' || id || ':{at}', 'password_changed', family_id, id, 'guardian:' || id, '{{}}', '{utc}'
FROM guardian WHERE id = {guardian}
"""
# By the key of the task, which names what it is about.
TASKS = """
UPDATE task SET name = 'tell', args = {array} FROM notice
WHERE task.state <> 'done' AND task.name IN ('write_answer', 'write_waiting', 'write_password_changed')
  AND notice.key = CASE
    WHEN task.name = 'write_answer' THEN 'request_answered:request:' || SUBSTR(task.key, 8)
    WHEN task.name = 'write_password_changed' THEN 'password_changed:guardian:' || SUBSTR(task.key, 10)
    WHEN task.key LIKE 'served:%' THEN 'place_confirmed:booking:' || SUBSTR(task.key, 8)
    WHEN task.key LIKE 'offered:%' THEN 'place_offered:booking:' || SUBSTR(task.key, 9)
    ELSE 'place_lapsed:booking:' || SUBSTR(task.key, 8) END
"""


async def carry_notices(apps: Any, editor: Any) -> None:
    client = editor.client
    await client.execute_query(ANSWERS)
    await client.execute_query(PLACES)
    for task in await client.execute_query_dict(TASKS_OF_ACCOUNTS):
        _, guardian, at = task["key"].split(":", 2)
        utc = datetime.fromisoformat(at).astimezone(UTC)
        await client.execute_query(OF_ACCOUNT.format(guardian=int(guardian), at=at, utc=utc))
    sqlite = client.capabilities.dialect == "sqlite"
    array = "'[' || notice.id || ']'" if sqlite else "CAST('[' || notice.id || ']' AS JSONB)"
    await client.execute_query(TASKS.format(array=array))


async def carry_over(apps: Any, editor: Any) -> None:
    await editor.client.execute_query(BACK)
    await editor.client.execute_query("DROP TABLE request_before")
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_query(NEXT_ID)


class Migration(migrations.Migration):
    dependencies = [("models", "0012_payment_parts")]

    initial = False

    operations = [
        ops.RunSQL(ASIDE),
        ops.DeleteModel(name="Request"),
        ops.CreateModel(
            name="FamilyRequest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("subject", fields.CharField(max_length=100)),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("before", fields.JSONField(null=True)),
                ("after", fields.JSONField(null=True)),
                ("state", fields.CharField(default="pending", max_length=10)),
                ("reason", fields.TextField(null=True, unique=False)),
                ("made_at", Instant(auto_now=False, auto_now_add=False)),
                ("answered_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "answered_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="answers",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={"table": "request", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Notice",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(max_length=200)),
                ("kind", fields.CharField(max_length=30)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "guardian",
                    fields.ForeignKeyField(
                        "models.Guardian",
                        source_field="guardian_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="notices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("about", fields.CharField(max_length=100)),
                ("facts", fields.JSONField(default=dict)),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("told_at", Instant(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "notice", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(carry_notices),
        ops.RunPython(carry_over),
        ops.RunSQL(NO_LETTER_INDEX),
        ops.RenameModel(old_name="Letter", new_name="Email"),
        ops.RunSQL(LETTER_TASKS),
        ops.RunPython(constraints.create),
    ]
