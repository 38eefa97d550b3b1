"""Which booking is on which invoice: on one that stands at most, which a unique key holds."""

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from models.bookings.booking import Booking
from models.money.credit_note import CreditNote
from models.money.invoice import Invoice, InvoiceLine
from models.storage.database import write


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

    @classmethod
    async def add(cls, some: Sequence[tuple[int, int, int, int]]) -> None:
        """So many at once that no row is an object: invoice, line, booking, cents of each."""
        for first in range(0, len(some), AT_ONCE):
            piece = some[first : first + AT_ONCE]
            marks = ", ".join(["(?, ?, ?, ?)"] * len(piece))
            await write(_ADD + marks, [value for one in piece for value in one])


AT_ONCE = 2000  # rows of a statement: neither database takes more than 32 000 values
_ADD = "INSERT INTO invoiced_booking (invoice_id, invoice_line_id, booking_id, cents) VALUES "
