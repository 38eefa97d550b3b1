"""A slot that needs another one of its activity."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0041_family_desk")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Slot",
            name="requires",
            field=fields.CharField(null=True, max_length=60),
        ),
    ]
