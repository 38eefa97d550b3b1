from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_nets_of_absence")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Batch",
            name="back",
            field=fields.TextField(null=True, unique=False),
        )
    ]
