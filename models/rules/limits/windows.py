"""Days of a period that can be booked only between two instants: the holidays in July, from 1 to 20 June.

A window bounds booking alone; cancelling keeps its own deadline. Source: `windows` of the commune file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.rules.deadlines import PARIS, utc


@dataclass(frozen=True, slots=True)
class Window:
    """Two instants in Paris time, as they are said."""

    start: date
    end: date
    opens: datetime
    closes: datetime

    @property
    def shut(self) -> datetime:
        """When booking is over: 23:59 is there to the end of its minute."""
        said = self.closes
        return utc(said + timedelta(minutes=(said.hour, said.minute) == (23, 59))).astimezone(PARIS)

    @property
    def line(self) -> dict[str, str]:
        """As a row keeps it."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "opens": self.opens.replace(tzinfo=None).isoformat(),
            "closes": self.closes.replace(tzinfo=None).isoformat(),
        }


def window_of(line: Mapping[str, Any]) -> Window:
    """What `Window.line` wrote. Raises KeyError, TypeError, ValueError."""
    opens, closes = (
        datetime.fromisoformat(line[key]).replace(tzinfo=None).replace(tzinfo=PARIS)
        for key in ("opens", "closes")
    )
    return Window(date.fromisoformat(line["from"]), date.fromisoformat(line["to"]), opens, closes)


def window_on(windows: Sequence[Window], day: date) -> Window | None:
    """The one of the day; days outside of all of them keep the usual rules."""
    return next((window for window in windows if window.start <= day <= window.end), None)
