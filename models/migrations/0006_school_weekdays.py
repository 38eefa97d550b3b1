from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0005_batch_back")]

    initial = False

    operations = [
        ops.AddField(
            model_name="School",
            name="weekdays",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="SchoolYear",
            name="weekdays",
            field=fields.JSONField(
                db_default=[0, 1, 3, 4],
                encoder=functools.partial(dumps, separators=(",", ":")),
                decoder=loads,
            ),
        ),
    ]
