"""The commune's rules in words, as page and paper show them: sections of sentences, lists and tables of prices."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from models.rules.papers.parties import Issuer


@dataclass(frozen=True, slots=True)
class Heading:
    """Inside a section."""

    kind: ClassVar = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Sentences:
    kind: ClassVar = "sentences"
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    kind: ClassVar = "items"
    texts: tuple[str, ...]
    numbered: bool = False  # steps, in their order


@dataclass(frozen=True, slots=True)
class Prices:
    """A table. ValueError for a row that has not as many cells as there are columns."""

    kind: ClassVar = "prices"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(self.caption)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Of a phone, in the order of the steps. Of each: its file in `static/guide`, and the digest of what is in it."""

    kind: ClassVar = "pictures"
    files: tuple[tuple[str, str], ...]


Block = Heading | Sentences | Items | Prices | Pictures


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str  # « cantine », unique in the rulebook
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    issuer: Issuer
    year: str  # « 2018-2019 »
    sections: tuple[Section, ...]
    issued_on: date  # since when it has said this
    name: str = "Règlement"  # or another text of the commune, « Guide d’utilisation »

    @property
    def digest(self) -> str:
        """The same while it says the same, whatever the day."""
        said = repr((self.issuer, self.year, self.sections))
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What the portal keeps of a household, for the parent who asked."""

    issuer: Issuer
    holder: str  # « Sophie Moreau »
    sections: tuple[Section, ...]
    issued_on: date
