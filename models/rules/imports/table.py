"""A table of quotients, takings or enrolments: which column says what, what a cell says, what is wrong with a line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from models.rules import money
from models.rules.families.letters import fold
from models.rules.files import csv_table
from models.rules.imports.columns import plain
from models.rules.imports.register import Did

T = TypeVar("T")
_BORN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
LONGEST = 200  # letters of a cell that is kept
MOST = 10_000_00  # cents of one sum


class Flaw(StrEnum):
    """Why a line does nothing."""

    MISSING = "missing"  # a cell that is needed is empty
    FAMILY = "family"  # no family has this number
    NOBODY = "nobody"  # neither a number nor a child with its birth
    CHILD = "child"  # no child is called so and born then
    SEVERAL = "several"  # the child has two homes, or several children are called so
    TWICE = "twice"
    VALUE = "value"  # no quotient
    DAY = "day"
    FUTURE = "future"
    SUM = "sum"
    MEANS = "means"
    TILL = "till"  # none has that name
    NO_TILL = "no_till"  # which one is not said
    CLOSED = "closed"  # that day of the till is over
    INVOICE = "invoice"  # another family's
    AT_BANK = "at_bank"  # a bank is asked to collect that invoice
    ACTIVITY = "activity"
    BACKWARDS = "backwards"  # ends before it begins
    OUTSIDE = "outside"  # the activity is over by then, or has not begun
    GROUP = "group"  # no group takes such a child
    MEMBERSHIP = "membership"  # parents join by paying
    TARIFF = "tariff"  # no price for this family
    BOOKED = "booked"  # days outside the new dates are booked


class WrongLine(ValueError):
    def __init__(self, flaw: Flaw, what: str = "") -> None:
        super().__init__(flaw, what)
        self.flaw, self.what = flaw, what[:80]


@dataclass(frozen=True, slots=True)
class Column:
    """`heads`: how other programs head it, as heads are compared, the likeliest first."""

    code: str
    heads: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a line does: `after` against `before`, as the journal keeps them; `wanted` is what the writing needs."""

    line: int
    did: Did
    who: str = ""
    family: int | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    wanted: T | None = None
    flaw: Flaw | None = None
    said: str = ""

    @property
    def row(self) -> T:
        """What is wanted, of a line that creates or changes. Raises LookupError for another."""
        if self.wanted is None:
            raise LookupError(self.line)
        return self.wanted


def guess(columns: Sequence[Column], heads: Sequence[str]) -> dict[str, str]:
    """By code, the head that most likely means it; a head is taken once."""
    known = {plain(head): head for head in reversed(heads) if head}
    found: dict[str, str] = {}
    for column in columns:
        head = next((known[word] for word in column.heads if word in known), None)
        if head is not None and head not in found.values():
            found[column.code] = head
    return found


def lacking(columns: Sequence[Column], mapping: Mapping[str, str]) -> list[Column]:
    """The needed ones that no column of the file says."""
    return [column for column in columns if column.needed and column.code not in mapping]


def said_by(heads: Sequence[str], mapping: Mapping[str, str], cells: Sequence[str]) -> dict[str, str]:
    """By code, what a line says; of two columns that are headed alike, the first."""
    places = {head: place for place, head in reversed(list(enumerate(heads)))}
    return {
        code: cells[place][:LONGEST]
        for code, head in mapping.items()
        if (place := places.get(head)) is not None and place < len(cells)
    }


def needed(said: Mapping[str, str], code: str) -> str:
    if not said.get(code):
        raise WrongLine(Flaw.MISSING, code)
    return said[code]


def day_of(said: str) -> date:
    found = csv_table.day(said)
    if found is None:
        raise WrongLine(Flaw.DAY, said)
    return found


def born_of(said: str) -> date:
    """A birth, of any century: « 14/03/2017 », « 2017-03-14 ». Raises WrongLine."""
    found = _BORN.fullmatch(said)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(said)
    except ValueError:
        raise WrongLine(Flaw.DAY, said) from None


def sum_of(said: str) -> int:
    """Cents, more than none. Raises WrongLine."""
    try:
        cents = money.cents(said)
    except ValueError:
        raise WrongLine(Flaw.SUM, said) from None
    if not 0 < cents <= MOST:
        raise WrongLine(Flaw.SUM, said)
    return cents


def word(said: str) -> str:
    """As names are compared: « Cantine – Jules Ferry » is « cantine jules ferry »."""
    return plain(fold(said))
