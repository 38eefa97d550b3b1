from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0047_windows")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Activity",
            name="presence",
            field=fields.CharField(default="booking", db_default="booking", max_length=10),
        ),
        ops.AddField(
            model_name="Booking",
            name="by_default",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Booking",
            name="returns",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Group",
            name="closes",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Slot",
            name="closes",
            field=fields.DateField(null=True),
        ),
    ]
