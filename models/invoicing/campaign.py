"""A month's invoicing of a till: a period, its drafts, and the issue of its invoices."""

from tortoise import fields
from tortoise.models import Model

from models.access.member import Member
from models.commune.till import Till
from models.rules.states.campaigns import CampaignState
from models.storage.fields import Instant


class InvoiceCampaign(Model):
    id = fields.IntField(primary_key=True)
    till: fields.ForeignKeyRelation[Till] = fields.ForeignKeyField(
        "models.Till", "campaigns", on_delete=fields.RESTRICT
    )
    period_start = fields.DateField()
    period_end = fields.DateField()
    issue_on = fields.DateField()  # the day that its invoices bear
    due_on = fields.DateField()
    state = fields.CharField(max_length=10, default=CampaignState.DRAFT.value)  # a CampaignState
    made_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "campaigns_made", null=True, on_delete=fields.SET_NULL
    )
    made_at = Instant()
    version = fields.IntField(default=1)  # of its drafts: those that an earlier one still makes count no more
    drafted_at = Instant(null=True)  # null: its drafts are being made
    issued_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", "campaigns_issued", null=True, on_delete=fields.SET_NULL
    )
    issuing_at = Instant(null=True)  # when somebody began to issue it
    issued_at = Instant(null=True)  # when the last invoice had left

    till_id: int
    made_by_id: int | None
    issued_by_id: int | None

    class Meta:
        table = "invoice_campaign"

    @property
    def may_be_issued(self) -> bool:
        """Are its drafts there, for somebody to read and to issue?"""
        return self.state == CampaignState.DRAFT and self.drafted_at is not None

    @property
    def actor(self) -> str:
        """Who issues it, as the journal names them."""
        return f"member:{self.issued_by_id}" if self.issued_by_id else "clock"
