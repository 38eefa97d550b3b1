"""An activity of one school year described for another: its dates that much later, the rest as it was."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from models.activities.definition.checks import Bounds
from models.activities.definition.description import Activity, Tariff
from models.rules.limits.windows import Window

D = TypeVar("D", date, datetime)
YEAR = re.compile(r"\b20[0-9]{2}\b")


def moved(said: Activity, before: Bounds, after: Bounds) -> Activity:
    """What began or ended with its year does so again; other dates keep their day and month, within the year."""
    years = after.starts.year - before.starts.year
    opens = after.starts if said.opens == before.starts else _within(_later(said.opens, years), after)
    closes = after.ends if said.closes == before.ends else _within(_later(said.closes, years), after)
    return replace(
        said,
        name=YEAR.sub(lambda found: str(int(found[0]) + years), said.name),
        opens=opens,
        closes=max(opens, closes),
        visible_from=said.visible_from and _later(said.visible_from, years),
        slots=tuple(replace(slot, closes=None) for slot in said.slots),
        groups=tuple(replace(group, closes=None) for group in said.groups),
        tariffs=tuple(_tariff(tariff, years) for tariff in said.tariffs),
        windows=tuple(_window(window, years) for window in said.windows),
    )


def _tariff(tariff: Tariff, years: int) -> Tariff:
    start, end = tariff.start and _later(tariff.start, years), tariff.end and _later(tariff.end, years)
    return replace(tariff, start=start, end=end)


def _window(window: Window, years: int) -> Window:
    start, end = _later(window.start, years), _later(window.end, years)
    return Window(start, end, _later(window.opens, years), _later(window.closes, years))


def _within(day: date, bounds: Bounds) -> date:
    return min(max(day, bounds.starts), date(bounds.starts.year + 1, 8, 31))


def _later(day: D, years: int) -> D:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
