"""Each till may have its own bank, and a payment the name that this bank gives it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.storage import constraints


class Migration(migrations.Migration):
    dependencies = [("models", "0016_invoices_paid")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Payment", name="bank_number", field=fields.CharField(null=True, max_length=60)
        ),
        ops.AddField(model_name="Till", name="provider", field=fields.CharField(null=True, max_length=20)),
        ops.RunPython(constraints.create),
    ]
