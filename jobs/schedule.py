"""When something happens by itself: a slot is a span of real time in which it happens once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from models.rules.deadlines import PARIS


class Schedule(Protocol):
    def slot(self, moment: float) -> str | None:
        """The name of the slot that this moment, a POSIX time, is in; None when it is in none."""


@dataclass(frozen=True)
class Every:
    seconds: int  # counted from midnight UTC, which no clock change moves

    def slot(self, moment: float) -> str:
        day = datetime.fromtimestamp(moment, UTC).date()
        return f"{day}/{int(moment % 86400) // self.seconds:05d}"


@dataclass(frozen=True)
class At:
    """Once a day from this hour until midnight; or only on one day of the week, or of the month."""

    clock: str  # "03:30" in Paris
    weekday: int | None = None  # Monday is 0
    day: int | None = None  # of the month

    def slot(self, moment: float) -> str | None:
        local = datetime.fromtimestamp(moment, PARIS)
        is_its_day = self.weekday in (None, local.weekday()) and self.day in (None, local.day)
        return f"{local.date()}" if is_its_day and f"{local:%H:%M}" >= self.clock else None
