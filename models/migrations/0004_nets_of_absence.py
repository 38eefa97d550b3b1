from tortoise import migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    """The nets of the absences, and any that a rebuilt table of SQLite lost."""

    dependencies = [("models", "0003_absence_and_mobile")]

    operations = [ops.RunPython(constraints.create)]
