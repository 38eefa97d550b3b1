"""The tariff stays known: of a line and a booking, which one said the price, and all of why."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.storage import constraints

# Of what is there already: the tariff of that slot and day that gives that price for that reason, where no other does. A
# reduced price cannot be computed here, the reason alone has to do. A membership has no slot and no tariff.
SAYS_SO = """
tariff.method = 'flat' AND {table}.reason LIKE 'à l’unité%' AND ({reduced} OR tariff.amount = {table}.cents)
OR tariff.method = 'brackets' AND {table}.reason LIKE 'tranche QF %' AND ({reduced}
  OR EXISTS (SELECT 1 FROM band WHERE band.tariff_id = tariff.id AND band.cents = {table}.cents))
OR tariff.method = 'rate' AND {table}.reason LIKE REPLACE(tariff.rate, '.', ',') || '\u00a0% du quotient%'
OR tariff.method <> 'flat' AND {table}.reason LIKE 'tarif sans quotient connu%' AND ({reduced}
  OR tariff.no_quotient = {table}.cents)
OR tariff.method <> 'flat' AND {table}.reason LIKE 'tarif le plus élevé%' AND tariff.no_quotient IS NULL
"""
REDUCED = "tariff.reduction > 0 AND {table}.reason LIKE '%réduction%'"
ONLY_ONE = """
UPDATE {table} SET tariff_id = (
  SELECT CASE WHEN COUNT(*) = 1 THEN MIN(tariff.id) END FROM tariff JOIN slot ON slot.activity_id = tariff.activity_id
  WHERE slot.id = {table}.slot_id AND (tariff.slot_code IS NULL OR tariff.slot_code = slot.code)
    AND (tariff.start IS NULL OR tariff.start <= {table}.day)
    AND (tariff."end" IS NULL OR tariff."end" >= {table}.day) AND ({says_so}))
"""
ADDED = {"booking": "", "cart_line": " WHERE action = 'add'", "order_line": " WHERE action = 'add'"}
# An offered place was asked for at one price and paid at another: the line of its order knows which.
BOOKED = """
UPDATE booking SET tariff_id = (SELECT MIN(order_line.tariff_id) FROM order_line
  WHERE order_line.booking_id = booking.id AND order_line.order_id = booking.order_id AND order_line.action = 'add')
WHERE EXISTS (SELECT 1 FROM order_line
  WHERE order_line.booking_id = booking.id AND order_line.order_id = booking.order_id AND order_line.action = 'add')
"""
# What is cancelled is cancelled at the price it was booked at.
CANCELLED = """
UPDATE order_line SET tariff_id = (SELECT booking.tariff_id FROM booking WHERE booking.id = order_line.booking_id)
WHERE action = 'cancel'
"""


async def find_tariffs(apps: Any, editor: Any) -> None:
    for table, which in ADDED.items():
        says_so = SAYS_SO.format(table=table, reduced=REDUCED.format(table=table))
        await editor.client.execute_query(ONLY_ONE.format(table=table, says_so=says_so) + which)
    for statement in (BOOKED, CANCELLED):
        await editor.client.execute_query(statement)


def _tariff(related: str, on_delete: OnDelete) -> Any:
    field: Any = fields.ForeignKeyField  # its overloads want a literal `null`
    return field(
        "models.Tariff",
        source_field="tariff_id",
        null=True,
        db_constraint=True,
        to_field="id",
        related_name=related,
        on_delete=on_delete,
    )


def _reason() -> Any:
    return fields.TextField(default="", unique=False)


class Migration(migrations.Migration):
    dependencies = [("models", "0013_family_request")]

    initial = False

    operations = [
        ops.AlterField(model_name="Tariff", name="position", field=fields.IntField(null=True)),
        ops.AlterField(model_name="CartLine", name="reason", field=_reason()),
        ops.AddField(model_name="CartLine", name="tariff", field=_tariff("cart_lines", OnDelete.SET_NULL)),
        ops.AlterField(model_name="OrderLine", name="reason", field=_reason()),
        ops.AddField(model_name="OrderLine", name="tariff", field=_tariff("order_lines", OnDelete.RESTRICT)),
        ops.AlterField(model_name="Booking", name="reason", field=_reason()),
        ops.AddField(model_name="Booking", name="tariff", field=_tariff("bookings", OnDelete.RESTRICT)),
        ops.RunPython(find_tariffs),
        ops.RunPython(constraints.create),
    ]
