"""What a thing is known by in the commune file, made of its name."""

import re
from collections.abc import Collection

from models.activities.definition.description import LONGEST_CODE
from models.rules.families.letters import fold

_OTHER = re.compile(r"[^a-z0-9]+")


def code_of(name: str, taken: Collection[str]) -> str:
    """« Accueil du matin » is "accueil-du-matin", or with a number behind it where that is taken."""
    stem = _OTHER.sub("-", fold(name)).strip("-")[: LONGEST_CODE - 4] or "x"
    tried = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
    return next(code for code in tried if code not in taken)
