"""When a family itself has said the last day of an enrolment."""

from tortoise import migrations
from tortoise.migrations import operations as ops

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
    ]
