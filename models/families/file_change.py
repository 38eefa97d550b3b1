"""A change of a family's file: a parent's name, e-mail or telephones, a child's name, the household's address and fund.

What it is about is named as the journal names it (« guardian:3 », « child:7 »). `before` and `after` hold the same
columns: as they were when it was asked, and as they are to be.
"""

from collections.abc import Mapping
from typing import Any

from tortoise.models import Model

from models.families.child import Child, Home
from models.families.family import Family
from models.families.guardian import Guardian

NOUNS: dict[str, type[Model]] = {"guardian": Guardian, "child": Child, "family": Family}
COLUMNS = {
    "guardian": frozenset({"first_name", "last_name", "email", "phone", "home_phone", "work_phone"}),
    "child": frozenset({"first_name", "last_name"}),
    "family": frozenset({"address", "holder", "scheme", "holder_number", "dependants"}),
}
OF_MAIRIE = {**COLUMNS, "child": COLUMNS["child"] | {"born", "sex"}}  # what the mairie changes by itself


class FileChanged(Exception):
    """What was to be changed is not as it was when the change was asked, or has left the family."""


async def change_file(
    family: int,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    columns: Mapping[str, frozenset[str]] = COLUMNS,
) -> None:
    """Call inside a transaction, after Family.lock.

    Raises FileChanged, and ValueError for other columns than these: those that a family may ask to change.
    """
    noun, _, number = subject.partition(":")
    id = int(number)
    if not after or before.keys() != after.keys() or not after.keys() <= columns.get(noun, frozenset()):
        raise ValueError(f"{subject}: {', '.join(sorted({*before, *after}))}")
    # Only from what the parent saw and the mairie reads: of two changes at once, the second finds nothing.
    if not await _is_of(family, noun, id) or not await NOUNS[noun].filter(id=id, **before).update(**after):
        raise FileChanged(subject)


async def _is_of(family: int, noun: str, id: int) -> bool:
    if noun == "family":
        return id == family
    if noun == "guardian":
        return await Guardian.exists(id=id, family_id=family)
    return await Home.exists(child_id=id, family_id=family)
