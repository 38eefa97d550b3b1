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
INSERT INTO request (id, family_id, kind, subject, booking_id, state, reason, made_at, answered_at, told_at, answered_by_id)
SELECT id, family_id, CASE kind WHEN 'book' THEN 'booking' ELSE 'cancellation' END, 'booking:' || booking_id, booking_id,
  state, reason, made_at, answered_at, told_at, answered_by_id
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


async def carry_over(apps: Any, editor: Any) -> None:
    await editor.client.execute_query(BACK)
    await editor.client.execute_query("DROP TABLE request_before")
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_query(NEXT_ID)


class Migration(migrations.Migration):
    dependencies = [("models", "0011_membership_declined")]

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
                ("told_at", Instant(null=True, auto_now=False, auto_now_add=False)),
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
        ops.RunPython(carry_over),
        ops.RunSQL(NO_LETTER_INDEX),
        ops.RenameModel(old_name="Letter", new_name="Email"),
        ops.RunSQL(LETTER_TASKS),
        ops.RunPython(constraints.create),
    ]
