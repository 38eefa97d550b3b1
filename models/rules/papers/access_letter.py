"""The letter of first connection: what opens an account."""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Addressee, Issuer


@dataclass(frozen=True, slots=True)
class AccessLetter:
    issuer: Issuer
    addressee: Addressee
    issued_on: date
    username: str  # the one that is proposed
    code: str  # « K7QF-2MXP-9RTA »
    url: str  # the form, filled in: drawn as a QR code
    site: str  # « famille.val-fleuri.example/inscrivez-vous »
