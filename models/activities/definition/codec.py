"""A description as JSON: what a draft keeps, what the journal says of a change, and the mark of what somebody read."""

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from models.activities.definition.description import Activity, Band, Group, Slot, Tariff
from models.rules.deadlines import PARIS
from models.rules.limits.windows import Window

Said = dict[str, Any]


def encode(said: Activity) -> Said:
    found: Said = json.loads(json.dumps(asdict(said), default=_text))
    return found


def decode(said: Said) -> Activity:
    """What `encode` made. Raises KeyError, TypeError, ValueError for anything else."""
    rules = {name: tuple(said[name]) for name in ("book", "cancel", "late", "absences", "weekdays")}
    visible = said["visible_from"]
    return Activity(
        **said
        | rules
        | {
            "opens": date.fromisoformat(said["opens"]),
            "closes": date.fromisoformat(said["closes"]),
            "visible_from": visible and datetime.fromisoformat(visible),
            "windows": tuple(map(_window, said.get("windows", ()))),
            "groups": tuple(_group(row) for row in said["groups"]),
            "slots": tuple(Slot(**row | _last(row)) for row in said["slots"]),
            "tariffs": tuple(_tariff(row) for row in said["tariffs"]),
        }
    )


def difference(before: Said, after: Said) -> tuple[Said, Said]:
    """What each says otherwise."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def mark(*values: object) -> str:
    """Sixteen letters that are the same as long as the values are."""
    said = json.dumps(values, default=_text, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _group(row: Said) -> Group:
    codes = {name: None if row[name] is None else tuple(row[name]) for name in ("levels", "schools")}
    return Group(**row | codes | _last(row))


def _last(row: Said) -> dict[str, date | None]:
    """A draft of before has none."""
    closes = row.get("closes")
    return {"closes": closes and date.fromisoformat(closes)}


def _tariff(row: Said) -> Tariff:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("start", "end")}
    return Tariff(**row | days | {"bands": tuple(Band(**band) for band in row["bands"])})


def _window(row: Said) -> Window:
    opens, closes = (datetime.fromisoformat(row[name]).astimezone(PARIS) for name in ("opens", "closes"))
    return Window(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), opens, closes)


def _text(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(value)
