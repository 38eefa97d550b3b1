"""A credit note: it takes back an issued invoice, or some days of it, and says why. It never changes."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.commune.till import Till
from models.families.child import Child
from models.families.family import Family
from models.money.invoice import Invoice


class CreditNote(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "credit_notes", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "credit_notes", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "credit_notes", on_delete=fields.RESTRICT
    )
    number = fields.CharField(max_length=60)
    series_year = fields.IntField()  # 0: the count goes on for ever
    rank = fields.IntField()  # in its series
    issued_on = fields.DateField()
    cents = fields.IntField()  # what is taken back, more than nothing
    applied_cents = (
        fields.IntField()
    )  # of it, what lowers what was left to pay of the invoice; the rest is an avoir
    reason = fields.TextField()  # as printed
    rebill = fields.BooleanField()  # are its days to be on a new invoice?
    recipient = fields.TextField()  # name and address, a line each, as printed

    family_id: int
    till_id: int
    invoice_id: int

    class Meta:
        table = "credit_note"


class CreditNoteLine(Model):
    # The amounts that are taken back, positive. A docstring would become the table's comment.
    id = fields.IntField(primary_key=True)
    credit_note: fields.ForeignKeyRelation[CreditNote] = fields.ForeignKeyField(
        "models.CreditNote", "lines", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    child = fields.CharField(max_length=200)
    label = fields.CharField(max_length=300)
    quantity = fields.IntField()
    unit_cents = fields.IntField()
    cents = fields.IntField()
    care_cents = fields.IntField()
    starts = fields.DateField()
    ends = fields.DateField()
    days: Any = fields.JSONField()  # as those of an invoice's line
    child_row: fields.ForeignKeyRelation[Child] = fields.ForeignKeyField(
        "models.Child", "credit_note_lines", on_delete=fields.RESTRICT
    )
    activity: fields.ForeignKeyRelation[Activity] = fields.ForeignKeyField(
        "models.Activity", "credit_note_lines", on_delete=fields.RESTRICT
    )

    credit_note_id: int
    child_row_id: int
    activity_id: int

    class Meta:
        table = "credit_note_line"
