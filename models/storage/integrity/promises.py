"""What a promise is: who tells that it is broken, and by which rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Protocol

from models import clock
from models.storage.database import is_sqlite, rows

NAMED = 5  # what a fault names


@dataclass(frozen=True, slots=True)
class Fault:
    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}\u00a0: {self.what}"


class Promise(Protocol):
    @property
    def invariant(self) -> str: ...
    @property
    def what(self) -> str: ...
    async def broken(self) -> Sequence[str]:
        """What breaks it, named; one more than NAMED is enough."""


@dataclass(frozen=True, slots=True)
class Check:
    """`faulty` selects one column, `id`: nothing when all is well."""

    invariant: str
    what: str
    faulty: str
    values: Callable[[], Sequence[Any]] = tuple

    async def broken(self) -> Sequence[str]:
        sql = f"SELECT DISTINCT id FROM ({self.faulty}) AS faulty ORDER BY id LIMIT {NAMED + 1}"
        return [str(row["id"]) for row in await rows(sql, self.values())]


@dataclass(frozen=True, slots=True)
class Reading:
    """What SQL cannot say on both databases: the facts are one SELECT still, and `faults` names what is wrong."""

    invariant: str
    what: str
    facts: str
    faults: Callable[[Sequence[dict[str, Any]]], Iterable[str]]

    async def broken(self) -> Sequence[str]:
        return list(self.faults(await rows(self.facts)))


def before(some: timedelta) -> Any:
    """So long ago, for a hand-written SELECT."""
    limit = (clock.now() - some).astimezone(UTC)
    return str(limit) if is_sqlite() else limit


def stands(family: str) -> str:
    """The column's family, or the file that stands for it."""
    return f"COALESCE((SELECT into_id FROM family_merge WHERE family_merge.family_id = {family}), {family})"


def left(child: str, family: str) -> str:
    """The child lived there, until its household parted: the journal says so."""
    return (
        "EXISTS (SELECT 1 FROM event AS parted WHERE parted.action = 'child.left' "
        f"AND parted.object = 'child:' || {child} AND parted.family_id = {family})"
    )
