"""When the days of a period are booked: two instants for each period of an activity."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0046_voices")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Activity",
            name="windows",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
    ]
