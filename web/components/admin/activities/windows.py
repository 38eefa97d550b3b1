"""When the days of a period are booked: a line of « Délais » for each period, and one more."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from models.activities.definition.mistake import Mistake
from models.rules.deadlines import paris
from models.rules.limits.windows import Window
from web.components.admin.activities.sheet import Clock, Sent, written
from web.components.admin.kit.form import Day, Field, Filled

MOST_ROWS = 20
INCOMPLETE = "Complétez la période."
_PART = re.compile(r"windows\[(\d+)\]")
_NAMES = {"from": "du", "to": "au", "opens": "ouvre", "closes": "ferme"}


def fields_of(n: int) -> tuple[Field[Any], ...]:
    key = f"periode-{n}"
    return (
        Day(f"{key}-du", "Jours du"),
        Day(f"{key}-au", "Au"),
        Day(f"{key}-ouvre", "Réservations du"),
        Clock(f"{key}-ouvre-heure", "À"),
        Day(f"{key}-ferme", "Jusqu’au"),
        Clock(f"{key}-ferme-heure", "À"),
    )


def rows_of(sent: Sent) -> int:
    numbers = [int(found[1]) for name in sent if (found := re.fullmatch(r"periode-(\d{1,2})-du", name))]
    return min(MOST_ROWS, max((number + 1 for number in numbers), default=0))


def fields(sent: Sent) -> list[Field[Any]]:
    """Of all the lines that were sent."""
    return [field for n in range(rows_of(sent)) for field in fields_of(n)]


def typed(windows: Sequence[Window]) -> dict[str, str]:
    found: dict[str, str] = {}
    for n, one in enumerate(windows):
        values: dict[str, Any] = {"du": one.start, "au": one.end}
        for name, moment in (("ouvre", one.opens), ("ferme", one.closes)):
            values |= {name: moment.date(), f"{name}-heure": moment.hour * 60 + moment.minute}
        found |= written(fields_of(n), {f"periode-{n}-{key}": value for key, value in values.items()})
    return found


def closed_up(filled: Filled) -> Filled:
    """The lines one behind the other: one without its first day is none, and mistakes count those that are left."""
    lines = range(rows_of(filled.typed))
    gone = {field.name for n in lines for field in fields_of(n)}
    places: dict[str, str] = {}
    for to, n in enumerate(n for n in lines if filled.typed.get(f"periode-{n}-du")):
        pairs = zip(fields_of(n), fields_of(to), strict=True)
        places |= {before.name: after.name for before, after in pairs}
    gone -= places.keys()

    def moved(said: Mapping[str, Any]) -> dict[str, Any]:
        return {places.get(name, name): value for name, value in said.items() if name not in gone}

    return Filled(moved(filled.typed), moved(filled.values), moved(filled.errors))


def read(filled: Filled) -> tuple[tuple[Window, ...], dict[str, str]]:
    """The periods, and what is missing of them."""
    found: list[Window] = []
    errors: dict[str, str] = {}
    for n in range(rows_of(filled.typed)):
        asked = fields_of(n)
        missing = {one.name: INCOMPLETE for one in asked if not filled.typed.get(one.name)}
        errors |= missing
        if not missing and all(one.name in filled.values for one in asked):
            found.append(_window(filled.values, f"periode-{n}"))
    return tuple(found), errors


def _window(values: Mapping[str, Any], key: str) -> Window:
    def moment(name: str) -> datetime:
        day: date = values[f"{key}-{name}"]
        return paris(day, values[f"{key}-{name}-heure"])

    return Window(values[f"{key}-du"], values[f"{key}-au"], moment("ouvre"), moment("ferme"))


def where(mistake: Mistake) -> str:
    """The field that a mistake of a period is about, or ""."""
    part = _PART.fullmatch(mistake.where)
    return f"periode-{part[1]}-{_NAMES[mistake.key]}" if part and mistake.key in _NAMES else ""
