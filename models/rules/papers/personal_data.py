"""What the portal keeps of a household, as a paper that a parent reads."""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Issuer
from models.rules.papers.rulebook import Section


@dataclass(frozen=True, slots=True)
class PersonalData:
    issuer: Issuer
    holder: str  # who asked for it: « Sophie Moreau »
    sections: tuple[Section, ...]
    issued_on: date
