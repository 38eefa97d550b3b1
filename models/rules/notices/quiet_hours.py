"""When no telephone rings: what is to be told then waits for the end, and is never lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.rules.deadlines import PARIS

KEY = "quiet"  # of a parent's preferences: {"from": 21, "to": 7}, or False
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From this hour to that one in Paris; over midnight where the first is the later."""

    begins: int
    ends: int

    def over(self, now: datetime) -> datetime | None:
        """When they end; None outside of them."""
        local = now.astimezone(PARIS)
        hour = local.hour
        over_midnight = self.begins > self.ends
        inside = (
            (hour >= self.begins or hour < self.ends) if over_midnight else (self.begins <= hour < self.ends)
        )
        if not inside:
            return None
        day = local.date() + timedelta(days=over_midnight and hour >= self.begins)
        return datetime(day.year, day.month, day.day, self.ends, tzinfo=PARIS)


USUAL = QuietHours(21, 7)


def quiet_hours(preferences: Mapping[str, Any] | None) -> QuietHours | None:
    """What a parent with these preferences asks for; None where a telephone may always ring."""
    kept = (preferences or {}).get(KEY)
    if kept is False:
        return None
    if isinstance(kept, Mapping) and kept.get("from") in HOURS and kept.get("to") in HOURS:
        return QuietHours(kept["from"], kept["to"])
    return USUAL


def wait(preferences: Mapping[str, Any] | None, now: datetime, *, urgent: bool) -> int:
    """Seconds until it may ring; 0 when it may now. One night of the year has an hour more."""
    hours = None if urgent else quiet_hours(preferences)
    end = hours.over(now) if hours else None
    return -((now.astimezone(UTC) - end.astimezone(UTC)) // timedelta(seconds=1)) if end else 0
