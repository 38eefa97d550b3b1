"""A receipt (quittance): what a till took, for what."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.papers.parties import Issuer


@dataclass(frozen=True, slots=True)
class Settled:
    label: str  # « Facture S-2026-0133 d’octobre 2026 »
    cents: int


@dataclass(frozen=True, slots=True)
class Receipt:
    issuer: Issuer
    number: str
    received_at: datetime
    payer: str  # « Mme Sophie MOREAU »
    family_number: str
    settled: tuple[Settled, ...]
    means: str  # « espèces », « chèque »
    details: str = ""  # « n° 0000123, Banque postale »
    tendered_cents: int | None = None  # what was handed over in cash, when change was given

    def __post_init__(self) -> None:
        if self.cents <= 0:
            raise ValueError(f"a receipt of {self.cents} cents")
        if self.tendered_cents is not None and self.tendered_cents < self.cents:
            raise ValueError(f"{self.tendered_cents} handed over for {self.cents}")

    @property
    def cents(self) -> int:
        return sum(each.cents for each in self.settled)

    @property
    def change_cents(self) -> int:
        return 0 if self.tendered_cents is None else self.tendered_cents - self.cents
