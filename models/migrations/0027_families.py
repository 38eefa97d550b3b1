"""A family that the mairie makes on its screen is made once, however often the form is sent."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0026_first_connection")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Family",
            name="click",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.RunPython(constraints.create),
    ]
