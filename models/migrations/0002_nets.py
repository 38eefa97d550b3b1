from tortoise import migrations
from tortoise.migrations import operations as ops

from models import nets


class Migration(migrations.Migration):
    """The constraints, indexes and triggers that Tortoise does not make (see models/nets.py)."""

    dependencies = [("models", "0001_initial")]

    operations = [ops.RunPython(nets.create)]
