"""What is due of a day once the roll was called. Source: the commune's règlement; times are minutes after midnight.

Who was not called is charged as it was booked: only what somebody saw changes a price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.rules.deadlines import paris
from models.rules.money import NBSP, euros, share
from models.rules.pricing.day_price import Price
from models.rules.pricing.missed import AbsenceRule, due_of_absence
from models.rules.pricing.stay import LatePickup, Stay, Timing, late_pickup, planned, stayed
from models.rules.states.attendance import AttendanceState


@dataclass(frozen=True, slots=True)
class Mark:
    """What the roll call says of a child. `proved_on`: the day on which a certificate of its absence came."""

    state: AttendanceState
    reason: str = ""  # of an absence, where somebody told it
    arrived: int | None = None
    departed: int | None = None
    proved_on: date | None = None

    @property
    def is_present(self) -> bool:
        return self.state == AttendanceState.PRESENT

    @property
    def is_absent(self) -> bool:
        return self.state == AttendanceState.ABSENT


@dataclass(frozen=True, slots=True)
class CalledDay:
    """A booked day of a child in an activity. `cents`: what it costs when the child is there."""

    id: int
    day: date
    starts: int  # of its slot
    cents: int
    mark: Mark | None = None  # None: nobody called the child


def stay_of(mark: Mark | None, timing: Timing | None, late: LatePickup | None) -> Stay | None:
    """How long a slot that is billed by time counts: the times that were noted, else those that were planned.

    None where it is not billed by time.
    """
    if timing is None:
        return None
    if mark is None or not mark.is_present:
        return planned(timing)
    arrived = timing.starts if mark.arrived is None else mark.arrived
    left = max(arrived, timing.ends) if mark.departed is None else mark.departed
    return stayed(timing, arrived, max(arrived, left), late)


def pickup_of(mark: Mark | None, late: LatePickup | None) -> int:
    """Cents for a child that was fetched after the hour."""
    if mark is None or late is None or not mark.is_present or mark.departed is None:
        return 0
    return late_pickup(late, mark.departed)


def with_pickup(price: Price, cents: int) -> Price:
    """A price with what fetching the child late adds: the day is one unit then."""
    if not cents:
        return price
    reason = f"{price.reason} · retard{NBSP}: {euros(cents)}"
    return replace(price, cents=price.cents + cents, reason=reason, quantity=1)


def corrected(cents: int, mark: Mark | None, timing: Timing | None, late: LatePickup | None) -> int:
    """What was paid for the planned stay, corrected by the stay that was noted; half a cent rounds up."""
    stay = stay_of(mark, timing, late)
    extra = pickup_of(mark, late)
    if timing is None or stay is None:
        return cents + extra
    return share(cents, stay.units, planned(timing).units) + extra


def due_of_absences(rules: Sequence[AbsenceRule], days: Sequence[CalledDay]) -> dict[int, int]:
    """By id, the cents that stay due of each day on which the child was absent: all of it where no rule says less.

    One absence goes on over the booked days of an activity until the child is there, nobody called it, or another
    reason begins.
    """
    known = {rule.reason: rule for rule in rules}
    due: dict[int, int] = {}
    for spell in _spells(days):
        first = spell[0]
        rule = known.get(first.mark.reason) if first.mark else None
        kept = [one.cents for one in spell]
        if rule is not None:
            told = due_of_absence(
                rule,
                [(one.day, one.cents) for one in spell],
                paris(first.day, first.starts),
                _proved(spell),
            )
            kept = [cents for _, cents in told]
        due |= {one.id: cents for one, cents in zip(spell, kept, strict=True)}
    return due


def _spells(days: Sequence[CalledDay]) -> Iterator[list[CalledDay]]:
    spell: list[CalledDay] = []
    for one in sorted(days, key=lambda one: (one.day, one.starts, one.id)):
        absent = one.mark is not None and one.mark.is_absent
        if spell and not (absent and one.mark and spell[0].mark and one.mark.reason == spell[0].mark.reason):
            yield spell
            spell = []
        if absent:
            spell.append(one)
    if spell:
        yield spell


def _proved(spell: Sequence[CalledDay]) -> datetime | None:
    """The first certificate, whenever on its day it came."""
    proofs = [one.mark.proved_on for one in spell if one.mark and one.mark.proved_on]
    return paris(min(proofs), 0) if proofs else None
