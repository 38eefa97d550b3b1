"""Which sum that a till awaits came with which line of its bank? A proposal: somebody confirms it.

Source: the portal's own rule. The same cents, within MOST_DAYS; a line that names the payer or the slip first, then
the nearest day.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MOST_DAYS = 45  # between the day of a till and that of its bank
SHORTEST = 3  # letters of a word that tells somebody apart


@dataclass(frozen=True, slots=True)
class Line:
    """A credit at the bank, in cents."""

    id: int
    day: date
    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a till awaits from its bank, in cents. `key`: « remise-12 », « virement-34 »."""

    key: str
    day: date
    cents: int
    words: tuple[str, ...]  # that its line may say


def candidates(line: Line, awaited: Iterable[Awaited]) -> list[Awaited]:
    """What this line may be, the likeliest first."""
    found = [one for one in awaited if one.cents == line.cents and _apart(line, one) <= MOST_DAYS]
    return sorted(found, key=lambda one: _rank(line, one))


def propose(lines: Sequence[Line], awaited: Sequence[Awaited]) -> dict[int, str]:
    """By line, the key of what it is likely to be; each of them once."""
    pairs = sorted(
        (_rank(line, one), line.id, one.key) for line in lines for one in candidates(line, awaited)
    )
    proposed: dict[int, str] = {}
    given: set[str] = set()
    for _, line, key in pairs:
        if line not in proposed and key not in given:
            proposed[line] = key
            given.add(key)
    return proposed


def _rank(line: Line, one: Awaited) -> tuple[bool, int, str]:
    said = set(_words(line.label))
    wanted = {word for text in one.words for word in _words(text) if len(word) >= SHORTEST}
    return not said & wanted, _apart(line, one), one.key


def _apart(line: Line, one: Awaited) -> int:
    return abs((line.day - one.day).days)


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", bare)
