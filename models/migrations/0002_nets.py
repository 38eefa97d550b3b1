from tortoise import migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    """The constraints, indexes and triggers that Tortoise does not make (see models/storage/constraints.py)."""

    dependencies = [("models", "0001_initial")]

    operations = [ops.RunPython(constraints.create)]
