"""What the roll call added to a prepaid day (+), or gave back of it (−): one entry of the ledger each."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.bookings.roll.attendance import Attendance
from models.storage.fields import Instant


class RollCharge(Model):
    id = fields.IntField(primary_key=True)
    attendance: fields.ForeignKeyRelation[Attendance] = fields.ForeignKeyField(
        "models.Attendance", "charges", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", "roll_charges", on_delete=fields.RESTRICT
    )
    at = Instant()

    attendance_id: int
    member_id: int

    class Meta:
        table = "roll_charge"
