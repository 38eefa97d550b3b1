"""An issued invoice: its number, its lines as printed. It never changes; whether it is paid is a sum of legs."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.activities.activity import Activity
from models.commune.till import Till
from models.families.aid import Aid
from models.families.child import Child
from models.families.family import Family
from models.french import day_numeric
from models.french.invoices import of_period


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
    period_start = fields.DateField(null=True)  # null: came with the commune file, which does not say
    period_end = fields.DateField(null=True)
    due_on = fields.DateField(null=True)  # the last day to pay
    recipient = fields.TextField(default="", db_default="")  # name and address, a line each, as printed
    delivery = fields.CharField(max_length=10, default="portal", db_default="portal")  # portal | post
    before_portal = fields.BooleanField(default=False)  # came with the commune file
    series_year = fields.IntField(
        null=True
    )  # null: numbered elsewhere, before this portal; 0: counted for ever
    rank = fields.IntField(null=True)  # in its series

    family_id: int
    till_id: int

    class Meta:
        table = "invoice"

    @property
    def said_period(self) -> str:
        """« de septembre 2022 »; the day that it was issued, where nobody knows its period."""
        if self.period_start is None or self.period_end is None:
            return f"du {day_numeric(self.issued_on)}"
        return of_period(self.period_start, self.period_end)


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
    care_cents = fields.IntField(default=0, db_default=0)  # of `cents`: care, which a tax certificate counts
    starts = fields.DateField(null=True)
    ends = fields.DateField(null=True)
    days: Any = fields.JSONField(
        null=True
    )  # [{"day": ISO, "cents": …, "what": …}, …], as the page unfolds them
    # Whose line it is, for sums; the page and the paper show `child` and `label` as they were printed.
    child_row: fields.ForeignKeyNullableRelation[Child] = fields.ForeignKeyField(
        "models.Child", "invoice_lines", null=True, on_delete=fields.RESTRICT
    )
    activity: fields.ForeignKeyNullableRelation[Activity] = fields.ForeignKeyField(
        "models.Activity", "invoice_lines", null=True, on_delete=fields.RESTRICT
    )

    aid: fields.ForeignKeyNullableRelation[Aid] = fields.ForeignKeyField(
        "models.Aid", "invoice_lines", null=True, on_delete=fields.RESTRICT
    )  # of a line that a third party pays: its amounts are negative

    aid_id: int | None
    invoice_id: int
    child_row_id: int | None
    activity_id: int | None

    class Meta:
        table = "invoice_line"
