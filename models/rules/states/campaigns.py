"""How far a month's invoicing has come."""

from enum import StrEnum


class CampaignState(StrEnum):
    DRAFT = "draft"  # nothing has left: its drafts may be made again
    ISSUING = "issuing"
    ISSUED = "issued"  # final
    DISCARDED = "discarded"


UNDER_WAY = (CampaignState.DRAFT, CampaignState.ISSUING)
