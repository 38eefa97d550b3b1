"""Is the family that somebody types in known already? A child of the same name and birth, or a parent's e-mail."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.families.letters import fold


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of a family that is there: a child with its day of birth, or a parent with an e-mail."""

    family: int
    number: str
    name: str
    born: date | None = None
    email: str = ""
    sex: str = ""  # of household.SEXES


def same_name(one: str, other: str) -> bool:
    """The same words, in whatever order: « DURAND Lea-Marie » is « Léa Marie Durand »."""
    return _words(one) == _words(other)


def same_child(one: tuple[str, date], other: tuple[str, date]) -> bool:
    """The same first name and day of birth: within one family, that is one child."""
    return one[1] == other[1] and same_name(one[0], other[0])


def likenesses(
    children: Iterable[tuple[str, date]], emails: Iterable[str], known: Iterable[Known]
) -> list[Known]:
    """Those of `known` who may be one of these children (a name and a birth), or the parent of one of these e-mails."""
    wanted, addresses = list(children), {fold(email) for email in emails if email}
    return [
        one
        for one in known
        if (one.email and fold(one.email) in addresses)
        or any(one.born == born and same_name(one.name, name) for name, born in wanted)
    ]


def _words(name: str) -> list[str]:
    return sorted(re.findall(r"[a-z0-9]+", fold(name)))
