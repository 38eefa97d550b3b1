"""An issued invoice: its number, its lines as printed. It never changes; whether it is paid is a sum of legs."""

from tortoise import fields
from tortoise.models import Model

from models.commune.till import Till
from models.families.family import Family


class Invoice(Model):
    id = fields.IntField(primary_key=True)
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "invoices", on_delete=fields.RESTRICT
    )
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "invoices", on_delete=fields.RESTRICT
    )
    number = fields.CharField(max_length=60)
    issued_on = fields.DateField()
    cents = fields.IntField()
    before_portal = fields.BooleanField(default=False)  # came with the commune file

    family_id: int
    till_id: int

    class Meta:
        table = "invoice"


class InvoiceLine(Model):
    id = fields.IntField(primary_key=True)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "lines", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    child = fields.CharField(max_length=200)
    label = fields.CharField(max_length=300)
    quantity = fields.IntField()
    unit_cents = fields.IntField()
    cents = fields.IntField()

    invoice_id: int

    class Meta:
        table = "invoice_line"
