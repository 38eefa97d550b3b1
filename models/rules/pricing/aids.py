"""What a third party (CAF, CCAS) pays of a family's lines: so much a unit, up to caps. Amounts are cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Aid:
    id: int
    cents: int  # of each unit
    start: date
    end: date | None = None
    child: int | None = None  # None: each child of the family
    activities: frozenset[str] | None = None  # codes; None: all of them
    most_cents: int | None = None  # over its whole life
    most_days: int | None = None  # of a child each: two children on one day use two


@dataclass(frozen=True, slots=True)
class AidedLine:
    """A priced line of a family: a child's units of one activity on a day."""

    id: int
    day: date
    child: int
    activity: str
    cents: int
    units: int = 1


@dataclass(frozen=True, slots=True)
class Spent:
    """What earlier invoices have used of an aid."""

    cents: int = 0
    days: frozenset[tuple[int, date]] = frozenset()  # of a child


@dataclass(frozen=True, slots=True)
class Deduction:
    line: int
    aid: int
    cents: int


@dataclass
class _Purse:
    aid: Aid
    cents: int
    days: set[tuple[int, date]] = field(default_factory=set)

    def take(self, line: AidedLine, rest: int) -> int:
        """Cents off a line of which so much is left to pay."""
        aid, day = self.aid, (line.child, line.day)
        if aid.most_days is not None and day not in self.days and len(self.days) >= aid.most_days:
            return 0
        room = rest if aid.most_cents is None else min(rest, aid.most_cents - self.cents)
        taken = max(0, min(aid.cents * line.units, room))
        if taken:
            self.cents += taken
            self.days.add(day)
        return taken


def deduct(
    aids: Sequence[Aid], lines: Iterable[AidedLine], spent: Mapping[int, Spent] | None = None
) -> list[Deduction]:
    """In the order of the days, then of the lines; several aids after each other, and never below 0.

    `spent`, by aid: what it gave on invoices that were issued. A line that costs nothing uses no day of an aid.
    """
    spent = spent or {}
    purses = [
        _Purse(aid, spent.get(aid.id, Spent()).cents, set(spent.get(aid.id, Spent()).days)) for aid in aids
    ]
    found = []
    for line in sorted(lines, key=lambda line: (line.day, line.id)):
        rest = line.cents
        for purse in purses:
            taken = purse.take(line, rest) if _helps(purse.aid, line) else 0
            if taken:
                found.append(Deduction(line.id, purse.aid.id, taken))
                rest -= taken
    return found


def _helps(aid: Aid, line: AidedLine) -> bool:
    return (
        aid.child in (None, line.child)
        and (aid.activities is None or line.activity in aid.activities)
        and aid.start <= line.day <= (aid.end or date.max)
    )
