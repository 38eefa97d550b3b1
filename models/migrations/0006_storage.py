from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0006_school_weekdays")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.FloatField()),
            ],
            options={
                "table": "heartbeat",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One row, written for nothing else.",
            },
            bases=["Model"],
        ),
    ]
