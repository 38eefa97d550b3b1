"""Several tablets call one roll, some of them without a network for a while: which word about a child counts?

The latest one. An older word that comes late fills in what nobody has said since, and changes nothing else.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from models.rules.absences import REASONS
from models.rules.deadlines import utc
from models.rules.states.attendance import CALLED, AttendanceState

About = Literal["presence", "arrived", "departed", "reason", "fetched_by"]
LONGEST_NAME = 80
END_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Called:
    """What is known of a child. Times are minutes after midnight; `at` is the moment of the latest word."""

    state: AttendanceState = AttendanceState.UNDONE
    reason: str = ""
    arrived: int | None = None
    departed: int | None = None
    fetched_by: str = ""
    at: datetime | None = None

    @property
    def is_possible(self) -> bool:
        """Nobody leaves before it came."""
        return self.arrived is None or self.departed is None or self.arrived <= self.departed


def after(before: Called, about: About, value: str, at: datetime) -> Called:
    """What is known once this was said at that moment; `before` itself where a later word stands against it.

    `value`: a state, minutes after midnight, a reason or a name; "" takes a time, a reason or a name back.
    Raises ValueError for a value that is none.
    """
    older = before.at is not None and utc(at) < utc(before.at)
    said = replace(before, at=before.at if older else at)
    if about == "presence":
        state = AttendanceState(value)
        return before if older and before.state in CALLED else _stated(said, state)
    if about == "reason":
        if value and value not in REASONS:
            raise ValueError(value)
        stands = before.state != AttendanceState.ABSENT or (older and before.reason)
        return before if stands else replace(said, reason=value)
    if older and (before.state == AttendanceState.ABSENT or _is_known(before, about)):
        return before
    if about == "fetched_by":
        absent = before.state == AttendanceState.ABSENT
        return before if absent else replace(said, fetched_by=" ".join(value.split())[:LONGEST_NAME])
    return _timed(said, about, value)


def _is_known(before: Called, about: About) -> bool:
    return getattr(before, about) not in (None, "")


def _stated(said: Called, state: AttendanceState) -> Called:
    if state == said.state:
        return said
    if state == AttendanceState.PRESENT:
        return replace(said, state=state, reason="")
    return Called(state, at=said.at)


def _timed(said: Called, about: About, value: str) -> Called:
    """Whoever comes or leaves is there."""
    minutes = int(value) if value else None
    if minutes is not None and not 0 <= minutes < END_OF_DAY:
        raise ValueError(value)
    arrived = minutes if about == "arrived" else said.arrived
    departed = minutes if about == "departed" else said.departed
    there = AttendanceState.PRESENT if minutes is not None else said.state
    reason = "" if there == AttendanceState.PRESENT else said.reason
    return replace(said, state=there, reason=reason, arrived=arrived, departed=departed)
