"""What a commune adds to its règlement."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0021_direct_debit")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Commune",
            name="rulebook",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
    ]
