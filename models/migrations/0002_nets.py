from tortoise import migrations
from tortoise.migrations import operations as ops

from models.storage import nets


class Migration(migrations.Migration):
    """The constraints, indexes and triggers that Tortoise does not make (see models/storage/nets.py)."""

    dependencies = [("models", "0001_initial")]

    operations = [ops.RunPython(nets.create)]
