"""How long a child is there, where a slot is billed by time. Times are minutes after midnight in Paris.

At booking the slot's own hours are planned; the roll call's times correct them later.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LatePickup:
    """What is due when a child is fetched after the hour: `cents` for each `per` minutes begun, or once."""

    after: int
    cents: int
    per: int | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """A slot billed by `step` minutes begun, and never less than `minimum` minutes."""

    step: int
    starts: int
    ends: int
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Stay:
    """So many units of so many minutes."""

    units: int
    step: int


def planned(timing: Timing) -> Stay:
    """The whole slot."""
    return stayed(timing, timing.starts, timing.ends)


def stayed(timing: Timing, arrived: int, left: int, late: LatePickup | None = None) -> Stay:
    """From arrival to departure; nothing before the slot starts, and after a late pickup's hour only that is due.

    A unit that is begun is due whole; who was there at all owes one. Raises ValueError when it left before it came.
    """
    if left < arrived:
        raise ValueError(arrived, left)
    end = min(left, late.after) if late else left
    minutes = max(end - max(arrived, timing.starts), timing.minimum, 1)
    return Stay(_begun(minutes, timing.step), timing.step)


def late_pickup(rule: LatePickup, left: int) -> int:
    """Cents for a child who is fetched after the hour; nothing at the minute itself."""
    over = left - rule.after
    if over <= 0:
        return 0
    return rule.cents * (_begun(over, rule.per) if rule.per else 1)


def _begun(minutes: int, step: int) -> int:
    return -(-minutes // step)
