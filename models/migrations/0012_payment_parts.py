"""A payment may be for more than an order: what it is for is told by its parts."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints

# Until now a payment was for its order and for the debt that the order took over.
ORDERS = """
INSERT INTO payment_part (payment_id, kind, order_id, cents)
SELECT payment.id, 'order', payment.order_id, payment.cents - family_order.debt
FROM payment JOIN family_order ON family_order.id = payment.order_id WHERE payment.cents > family_order.debt
"""
DEBTS = """
INSERT INTO payment_part (payment_id, kind, till_id, cents)
SELECT payment.id, 'debt', payment.till_id, family_order.debt
FROM payment JOIN family_order ON family_order.id = payment.order_id WHERE family_order.debt > 0
"""


async def write_parts(apps: Any, editor: Any) -> None:
    for statement in (ORDERS, DEBTS):
        await editor.client.execute_query(statement)


def _to(noun: str, name: str, related: str, null: bool = True) -> Any:
    field: Any = fields.ForeignKeyField  # its overloads want a literal `null`
    return field(
        f"models.{noun}",
        source_field=f"{name}_id",
        null=null,
        db_constraint=True,
        to_field="id",
        related_name=related,
        on_delete=OnDelete.RESTRICT,
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0011_membership_declined")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PaymentPart",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("payment", _to("Payment", "payment", "parts", null=False)),
                ("kind", fields.CharField(max_length=10)),
                ("order", _to("Order", "order", "payment_parts")),
                ("invoice", _to("Invoice", "invoice", "payment_parts")),
                ("till", _to("Till", "till", "payment_parts")),
                ("cents", fields.IntField()),
            ],
            options={"table": "payment_part", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AlterField(model_name="Payment", name="order", field=_to("Order", "order", "payments")),
        ops.RunPython(write_parts),
        ops.RunPython(constraints.create),
    ]
