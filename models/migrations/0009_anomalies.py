from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints
from models.storage.fields import Instant

# What stood in one column of the payment, or in the journal alone, is a row that somebody must see.
LATE = """
INSERT INTO anomaly (key, kind, at, actor, reference, cents, payment_id, family_id)
SELECT 'late:' || id, 'late', COALESCE(paid_at, made_at), 'bank:' || provider, reference, cents, id, family_id
FROM payment WHERE state = 'paid' AND anomaly IS NOT NULL
"""
AMOUNT = """
INSERT INTO anomaly (key, kind, at, actor, reference, payment_id, family_id)
SELECT 'amount:' || id, 'amount', made_at, 'bank:' || provider, reference, id, family_id
FROM payment WHERE state <> 'paid' AND anomaly IS NOT NULL
"""
UNKNOWN = """
INSERT INTO anomaly (key, kind, at, actor, reference)
SELECT 'unknown:' || SUBSTR(actor, 6) || ':' || SUBSTR(object, 9), 'unknown', MIN(at), actor, SUBSTR(object, 9, 60)
FROM event WHERE action = 'bank.anomaly' AND family_id IS NULL GROUP BY actor, object
"""
WHY = "UPDATE payment SET anomaly = CASE WHEN state = 'paid' THEN 'late' END WHERE anomaly IS NOT NULL"
HEARD = "UPDATE payment SET heard = TRUE WHERE state IN ('paid', 'refused')"

# A membership opens the activity to both homes of the child.
BOTH_HOMES = """
INSERT INTO enrolment (child_id, family_id, activity_id, group_id, "start", "end", position)
SELECT payer.child_id, home.family_id, payer.activity_id, payer.group_id, payer."start", payer."end", payer.position
FROM membership JOIN activity ON activity.id = membership.activity_id AND activity.enrolment = 'online'
JOIN enrolment AS payer ON payer.child_id = membership.child_id AND payer.activity_id = membership.activity_id
  AND payer.family_id = membership.family_id
JOIN home ON home.child_id = membership.child_id
WHERE NOT EXISTS (SELECT 1 FROM enrolment AS mine WHERE mine.child_id = payer.child_id
  AND mine.activity_id = payer.activity_id AND mine.family_id = home.family_id)
"""


async def carry_over(apps: Any, editor: Any) -> None:
    for statement in (LATE, AMOUNT, UNKNOWN, WHY, HEARD, BOTH_HOMES):
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("models", "0008_journal_chain")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Anomaly",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(max_length=160)),
                ("kind", fields.CharField(max_length=12)),
                ("at", Instant(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=100)),
                ("reference", fields.CharField(default="", db_default="", max_length=60)),
                ("cents", fields.BigIntField(null=True)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="anomalies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "family",
                    fields.ForeignKeyField(
                        "models.Family",
                        source_field="family_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="anomalies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("told_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                ("seen_at", Instant(null=True, auto_now=False, auto_now_add=False)),
                (
                    "seen_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="seen_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="anomalies",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={"table": "anomaly", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Payment",
            name="heard",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunPython(carry_over),
        ops.RunPython(constraints.create),
    ]
