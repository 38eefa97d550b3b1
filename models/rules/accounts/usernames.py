"""Which user names may be chosen, and which are offered instead of one that is taken."""

import re
import unicodedata
from collections.abc import Iterator

SHORTEST, LONGEST = 3, 40
_ALLOWED = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
MANY = 99  # of one name in a town


def plain(typed: str) -> str:
    """Names are kept in small letters: nobody remembers which were capitals."""
    return typed.strip().lower()


def flaw(name: str) -> str | None:
    """« short », « long », « letters »; None for one that may be chosen. An address is none: it signs in by itself."""
    if len(name) < SHORTEST:
        return "short"
    if len(name) > LONGEST:
        return "long"
    return None if _ALLOWED.fullmatch(name) else "letters"


def offers(first_name: str, last_name: str) -> Iterator[str]:
    """« nora.benali », « n.benali », « benali.nora », « nora.benali2 »…"""
    first, last = _letters(first_name), _letters(last_name)
    made = [f"{first}.{last}", f"{first[:1]}.{last}", f"{last}.{first}"]
    made += [f"{first}.{last}{number}" for number in range(2, MANY)]
    for name in made:
        short = name.strip(".")[:LONGEST]
        if flaw(short) is None:
            yield short


def _letters(name: str) -> str:
    split = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z0-9]", "", "".join(sign for sign in split if sign.isascii()).lower())
