"""A tab of an activity as a form: what it asks of a definition, and the definition that a filled form says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition
from models.activity_file.site import Site
from web.components.admin.kit.form import Field, Filled, Wrong

Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A form that was sent. `wanted` holds only where there are no errors."""

    wanted: Definition
    filled: Filled


@dataclass(frozen=True, slots=True)
class Tab:
    """`typed` is what a definition shows; `read` what a form makes of it; `where` the field of a mistake, or ""."""

    key: str  # as the address says it
    label: str
    typed: Callable[[Definition, Site], Mapping[str, str]]
    read: Callable[[Sent, Definition, Site], Reading]
    where: Callable[[Mistake], str]
    known: Callable[[Definition, Site, Filled], Mapping[str, Any]]  # what its template draws


@dataclass(frozen=True, slots=True)
class Clock(Field[int]):
    """An hour of the day: minutes after midnight."""

    longest: int = 5

    drawn = "text"

    def read(self, typed: str) -> int:
        hours, _, minutes = typed.replace("h", ":").partition(":")
        if not (hours.isdigit() and (minutes or "0").isdigit()) or len(typed) > self.longest:
            raise Wrong("Saisissez une heure, par exemple 08:30.")
        at = int(hours) * 60 + int(minutes or 0)
        if int(minutes or 0) > 59 or at > 24 * 60:
            raise Wrong("Saisissez une heure, par exemple 08:30.")
        return at

    def written(self, value: int) -> str:
        return f"{value // 60:02d}:{value % 60:02d}"


def written(fields: Iterable[Field[Any]], values: Mapping[str, Any]) -> dict[str, str]:
    """By the names of the fields; nothing where there is no value."""
    return {one.name: "" if (value := values.get(one.name)) is None else one.written(value) for one in fields}


def part(filled: Filled, key: str) -> dict[str, Any]:
    """The values of the fields whose names begin with `key`, by the rest of their names."""
    head = f"{key}-"
    return {name.removeprefix(head): value for name, value in filled.values.items() if name.startswith(head)}


def same(before: Sequence[str] | None, now: Sequence[str] | None) -> tuple[str, ...] | None:
    """None where nothing is chosen; in the order in which it was said before, where it is the same."""
    if not now:
        return None
    return tuple(before) if before is not None and set(before) == set(now) else tuple(now)


def same_text(now: str | None, *before: str | None) -> str | None:
    """As it was written before, with its no-break spaces and lines, where only these differ."""
    if now is None:
        return None
    return next((text for text in before if text and text.split() == now.split()), now)
