"""Whether a child is a girl or a boy, as the lists of a school say it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0053_family_note")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Child",
            name="sex",
            field=fields.CharField(default="", db_default="", max_length=1),
        ),
    ]
