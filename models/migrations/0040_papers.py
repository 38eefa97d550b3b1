"""Papers without which no day is booked, and who is let off them."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0039_voice")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Exemption",
            name="kind",
            field=fields.CharField(default="arrears", db_default="arrears", max_length=10),
        ),
        ops.AddField(
            model_name="RequiredDocument",
            name="blocks",
            field=fields.CharField(null=True, max_length=10),
        ),
        ops.AddField(
            model_name="RequiredDocument",
            name="blocks_from",
            field=fields.DateField(null=True),
        ),
        ops.RunPython(constraints.create),
    ]
