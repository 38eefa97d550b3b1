"""Who is in both of two files: children entered twice or of two homes, parents with two accounts."""

from dataclasses import dataclass

from models.families.child import Child, Home
from models.families.guardian import Guardian
from models.rules.families.namesakes import same_child, same_name


@dataclass(frozen=True, slots=True)
class Pair:
    """One child: its row in the file that closes, its row in the one that stands (the same one, of two homes)."""

    closed: Child
    kept: Child


@dataclass(frozen=True, slots=True)
class Parents:
    """`coming` go over; `staying` stay behind in the closed file, without access; `both` could sign in twice.

    `leaving` are of the file that stands, and change places with one who comes: theirs is the account that is used.
    """

    coming: tuple[Guardian, ...]
    staying: tuple[Guardian, ...]
    leaving: tuple[Guardian, ...]
    both: tuple[Guardian, ...]


async def children(closed: int, kept: int) -> list[Pair]:
    """One of each first name and birth, in the closed file's order."""
    mine, theirs = await _children(closed), await _children(kept)
    found = []
    for child in mine:
        twin = next((one for one in theirs if one.id == child.id or _are_one(one, child)), None)
        if twin:
            theirs.remove(twin)
            found.append(Pair(child, twin))
    return found


async def parents(closed: int, kept: int) -> Parents:
    """Of two rows with the same name, the one that has signed in stands in the file that stands."""
    theirs = await Guardian.filter(family_id=kept).order_by("position", "id")
    coming, staying, leaving, both = [], [], [], []
    for one in await Guardian.filter(family_id=closed).order_by("position", "id"):
        same = next((other for other in theirs if same_name(other.name, one.name)), None)
        if same is None:
            coming.append(one)
        elif not _is_used(one):
            staying.append(one)
        elif _is_used(same):
            both.append(one)
        else:
            coming.append(one)
            leaving.append(same)
    return Parents(tuple(coming), tuple(staying), tuple(leaving), tuple(both))


def _is_used(one: Guardian) -> bool:
    return one.password is not None and one.blocked_at is None


def _are_one(one: Child, other: Child) -> bool:
    return same_child((one.first_name, one.born), (other.first_name, other.born))


async def _children(family: int) -> list[Child]:
    homes = await Home.filter(family_id=family).order_by("position", "id").select_related("child")
    return [home.child for home in homes]
