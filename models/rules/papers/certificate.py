"""The tax certificate for child care outside the home.

Source: CGI art. 200 quater B; BOI-IR-RICI-300: children under 6 on 1 January of the year, sums really paid in the civil
year, care without food; the ceiling is halved for each parent where the child lives in turn with both.
"""

from dataclasses import dataclass
from datetime import date

from models.rules.papers.parties import Addressee, Issuer


def under_six(born_on: date, year: int) -> bool:
    """Under six on 1 January of the year: who turns six that very day is not."""
    return born_on > date(year - 6, 1, 1)


@dataclass(frozen=True, slots=True)
class CertifiedChild:
    name: str
    born_on: date
    paid: tuple[tuple[str, int], ...]  # by activity, the care part alone, aids deducted: label, cents
    alternating: bool = False  # lives in turn with both parents: the ceiling is halved

    @property
    def cents(self) -> int:
        return sum(cents for _, cents in self.paid)


@dataclass(frozen=True, slots=True)
class TaxCertificate:
    """ValueError for a child who was six, or not yet born when the year ended."""

    issuer: Issuer
    addressee: Addressee
    payer: str  # who paid, and declares: « Mme Sophie MOREAU »
    year: int
    issued_on: date
    children: tuple[CertifiedChild, ...]
    replaces: date | None = None  # the day of the one that it takes the place of

    def __post_init__(self) -> None:
        for child in self.children:
            if not under_six(child.born_on, self.year) or child.born_on.year > self.year:
                raise ValueError(f"born on {child.born_on}: not under six on 1 January {self.year}")

    @property
    def cents(self) -> int:
        return sum(child.cents for child in self.children)


@dataclass(frozen=True, slots=True)
class EnrolledIn:
    """An activity, from its first day to its last."""

    name: str
    group: str  # "" where the activity has one alone
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EnrolmentCertificate:
    """That a child goes to a school and to activities of the commune. ValueError where it goes to none."""

    issuer: Issuer
    addressee: Addressee
    child: str
    born_on: date
    year: str  # « 2025-2026 »
    school: str  # "" for who is in none
    level: str
    activities: tuple[EnrolledIn, ...]
    issued_on: date
    sex: str = ""  # of the child, as household.SEXES has it

    def __post_init__(self) -> None:
        if not self.school and not self.activities:
            raise ValueError(f"{self.child}: no school, no activity")
