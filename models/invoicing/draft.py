"""What a family's invoice would be: thrown away and made again until it is issued."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.families.family import Family
from models.invoicing.campaign import InvoiceCampaign
from models.money.invoice import Invoice
from models.storage.fields import Instant


class InvoiceDraft(Model):
    id = fields.IntField(primary_key=True)
    campaign: fields.ForeignKeyRelation[InvoiceCampaign] = fields.ForeignKeyField(
        "models.InvoiceCampaign", "drafts", on_delete=fields.RESTRICT
    )
    family: fields.ForeignKeyRelation[Family] = fields.ForeignKeyField(
        "models.Family", "invoice_drafts", on_delete=fields.RESTRICT
    )
    cents = fields.IntField()
    lines: Any = fields.JSONField()  # as models.invoicing.due.DueLine.written
    repriced: Any = (
        fields.JSONField()
    )  # [{"child", "label", "day", "old", "new", "why"}]: days that cost something else now
    previous_cents = fields.IntField(null=True)  # what was invoiced of the period before
    changed_at = Instant(null=True)  # it was made anew while the others were issued: somebody reads it first
    # Once it is issued. None in an issued campaign: it cost nothing, or so little that it waits for the next one.
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "drafts", null=True, on_delete=fields.RESTRICT
    )

    campaign_id: int
    family_id: int
    invoice_id: int | None

    class Meta:
        table = "invoice_draft"
