"""A SEPA mandate (Core), to be signed: who may collect from which account. Nothing on it is masked."""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Addressee, Issuer


@dataclass(frozen=True, slots=True)
class Mandate:
    issuer: Issuer
    addressee: Addressee
    rum: str
    ics: str  # the creditor's identifier
    creditor: str
    holder: str  # of the account
    iban: str  # in full
    bic: str  # "" where nobody knows it
    issued_on: date
    online_on: date | None = None  # signed on the portal with a password; None: on this paper

    def __post_init__(self) -> None:
        if not (self.rum and self.ics and self.iban):
            raise ValueError(f"a mandate without its references: {self.rum}")
