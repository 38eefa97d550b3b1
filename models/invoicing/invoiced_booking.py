"""Which booking is on which invoice: on one that stands at most, which a unique key holds."""

from tortoise import fields
from tortoise.models import Model

from models.bookings.booking import Booking
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice, InvoiceLine


class InvoicedBooking(Model):
    id = fields.IntField(primary_key=True)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "bookings", on_delete=fields.RESTRICT
    )
    invoice_line: fields.ForeignKeyRelation[InvoiceLine] = fields.ForeignKeyField(
        "models.InvoiceLine", "bookings", on_delete=fields.RESTRICT
    )  # the first one, where the meal and its care stand apart
    booking: fields.ForeignKeyRelation[Booking] = fields.ForeignKeyField(
        "models.Booking", "invoiced", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()  # of all its lines
    credit_note: fields.ForeignKeyNullableRelation[CreditNote] = fields.ForeignKeyField(
        "models.CreditNote", "bookings", null=True, on_delete=fields.RESTRICT
    )  # which took it off again

    invoice_id: int
    invoice_line_id: int
    booking_id: int
    credit_note_id: int | None

    class Meta:
        table = "invoiced_booking"
