"""How a page and the portal speak of the roll: « 12-3-2026-09-03-presence:present@4000 », said four seconds ago."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from models.bookings.roll.noting import Word
from models.bookings.roll.roll_list import RollLine
from models.rules.states.attendance import AttendanceState

ABOUT = {
    "presence": "presence",
    "arrivee": "arrived",
    "depart": "departed",
    "motif": "reason",
    "confie": "fetched_by",
    "justificatif": "proved_on",
}
STATES = {
    "present": AttendanceState.PRESENT,
    "absent": AttendanceState.ABSENT,
    "vide": AttendanceState.UNDONE,
}
SAID = {kept: said for said, kept in STATES.items()}
NOW = "maintenant"
MOST = 500  # words of a batch
OLDEST = timedelta(days=2)  # that a tablet may have kept a word
_CELL = re.compile(rf"(\d{{1,9}})-(\d{{1,9}})-(\d{{4}}-\d\d-\d\d)-({'|'.join(ABOUT)})")
_TIME = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)")


class Unreadable(ValueError):
    """No page of ours says this."""


def words(fields: Iterable[tuple[str, str]], now: datetime) -> list[Word]:
    """What a form says: `op` fields that name a cell and its value, or fields that bear a cell's name.

    Raises Unreadable.
    """
    found = list(_words(fields, now))
    if len(found) > MOST:
        raise Unreadable(len(found))
    return found


def _words(fields: Iterable[tuple[str, str]], now: datetime) -> Iterator[Word]:
    for name, value in fields:
        if name == "op":
            cell, colon, said = value.partition(":")
            if not colon:
                raise Unreadable(value)
            yield word(cell, said, now)
        elif _CELL.fullmatch(name):
            yield word(name, value, now)


def word(cell: str, said: str, now: datetime) -> Word:
    """One of them. Raises Unreadable."""
    found = _CELL.fullmatch(cell)
    if found is None:
        raise Unreadable(cell)
    value, _, age = said.rpartition("@") if re.search(r"@\d{1,12}$", said) else (said, "", "")
    at = now - min(timedelta(milliseconds=int(age)), OLDEST) if age else now
    about = ABOUT[found[4]]
    try:
        day = date.fromisoformat(found[3])
        return Word(int(found[1]), int(found[2]), day, about, _value(about, value.strip(), at), at)
    except (ValueError, KeyError) as exc:
        raise Unreadable(cell) from exc


def _value(about: str, value: str, at: datetime) -> str:
    """As models.rules.roll.words reads it."""
    if about == "presence":
        return STATES[value]
    if about in ("arrived", "departed") and value:
        if value == NOW:
            return str(at.hour * 60 + at.minute)
        hours, minutes = (_TIME.fullmatch(value) or _not(value)).groups()
        return str(int(hours) * 60 + int(minutes))
    if about == "proved_on" and value:
        return date.fromisoformat(value).isoformat()
    return value


def _not(value: str) -> "re.Match[str]":
    raise ValueError(value)


def clock(minutes: int | None) -> str:
    """990 is « 16:30 »; "" for none."""
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def marks(line: RollLine) -> dict[str, str]:
    """The cells of a child, by what they are about, as the page keeps them."""
    called = line.called
    return {
        "presence": "" if called.state == AttendanceState.UNDONE else SAID[called.state],
        "arrivee": clock(called.arrived),
        "depart": clock(called.departed),
        "motif": called.reason,
        "confie": called.fetched_by,
        "justificatif": line.proved_on.isoformat() if line.proved_on else "",
    }
