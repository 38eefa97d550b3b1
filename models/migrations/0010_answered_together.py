from tortoise import migrations
from tortoise.migrations import operations as ops

from models.storage.fields import Instant

# Answers whose letter is still to be written by a task of the version before are told by it.
TOLD_ALREADY = """
UPDATE request SET told_at = answered_at WHERE state IN ('accepted', 'refused') AND NOT EXISTS (
  SELECT 1 FROM task WHERE task.key = 'answer:' || request.id AND task.state <> 'done')
"""
UNSAID_TILL = """
UPDATE till SET name = 'Régie principale', bank_label = (SELECT commune.name FROM commune WHERE commune.id = 1)
WHERE implicit AND EXISTS (SELECT 1 FROM commune WHERE commune.id = 1)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0009_anomalies")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Request",
            name="told_at",
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(TOLD_ALREADY),
        ops.RunSQL(UNSAID_TILL),
    ]
