"""What the mairie keeps in mind of a family, for itself."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0051_town_settings")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Family",
            name="note",
            field=fields.TextField(default="", db_default="", unique=False),
        ),
    ]
