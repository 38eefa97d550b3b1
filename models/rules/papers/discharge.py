"""A discharge (décharge): cash that a till gave back, which the family signs."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.papers.parties import Issuer


@dataclass(frozen=True, slots=True)
class Discharge:
    issuer: Issuer
    number: str
    given_at: datetime
    payee: str  # « Mme Sophie MOREAU »
    family_number: str
    cents: int
    reason: str  # as the refund was asked for

    def __post_init__(self) -> None:
        if self.cents <= 0:
            raise ValueError(f"a discharge of {self.cents} cents")
