"""What a kind of file is: its columns, how its lines are compared with what is known, written and taken back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from models.family_imports.family_import import FamilyImport, ImportLine
from models.rules.imports.register import Did
from models.rules.imports.table import Column, Flaw, Outcome, WrongLine

T = TypeVar("T")
Lines = Sequence[tuple[int, Mapping[str, str]]]  # number of the line, and by code of a column what it says


@dataclass(frozen=True, slots=True)
class Work:
    """Of whom and when a file is written or taken back."""

    file: FamilyImport
    member: int
    now: datetime

    @property
    def actor(self) -> str:
        return f"member:{self.member}"


@dataclass(frozen=True, slots=True)
class Written:
    """What a line did: `what` and `subject` name the row, as « taking », « receipt:12 »."""

    what: str
    subject: str


class Kind(ABC, Generic[T]):
    code: ClassVar[str]  # in the table, of ten letters at most
    columns: ClassVar[tuple[Column, ...]]
    most: ClassVar[int]  # lines that one file may write: a few seconds of the database’s only connection

    @abstractmethod
    async def compare(self, file: FamilyImport, lines: Lines, today: date) -> list[Outcome[T]]:
        """One for each line, in their order; the same questions however many lines there are. Writes nothing."""

    @abstractmethod
    async def write(self, outcomes: Sequence[Outcome[T]], work: Work) -> list[Written]:
        """Those that create or change, in their order. Inside a transaction that holds every family."""

    @abstractmethod
    async def undo(self, lines: Sequence[ImportLine], work: Work) -> set[int]:
        """Of these, the last first, the ids of those that stay: somebody has worked there since. As `write`."""

    async def after(self, families: Sequence[int], now: datetime) -> None:
        """What follows once it is written or taken back, outside the transaction; twice is once."""


def wrong(line: int, flaw: WrongLine, family: int | None = None, who: str = "") -> Outcome[T]:
    return Outcome(line, Did.WRONG, who, family, flaw=flaw.flaw, said=flaw.what)


def twice(line: int, said: str) -> Outcome[T]:
    return Outcome(line, Did.WRONG, flaw=Flaw.TWICE, said=said)
