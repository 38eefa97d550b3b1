"""A file that was brought says of which kind it is: families, as all of them were, or another table."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0049_household_merges")]

    initial = False

    operations = [
        ops.AddField(
            model_name="FamilyImport",
            name="kind",
            field=fields.CharField(max_length=12, default="families", db_default="families"),
        ),
        ops.RunPython(constraints.create),
    ]
