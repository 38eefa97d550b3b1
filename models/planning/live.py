"""What tells an open planning that somebody else changed its days: a number for each family, and who ticked what."""

from collections.abc import Collection

from models.planning.cell import Key
from models.storage.database import as_date, marks, rows


async def numbers(families: Collection[int]) -> dict[int, int]:
    """For each family a number that moves with every transaction on its days, or on those of a child's other home.

    One query whatever the number of families. Nothing is written for it: whoever moves a cart, a booking, a request
    or a waiting list locks the family first, and Family.lock counts. A tick adds exactly one. The number may move
    for less than a day (an e-mail that leaves): who asks what changed then finds nothing.
    """
    ids = list(families)
    found = await rows(_NUMBERS.format(families=marks(ids)), ids)
    return {row["id"]: row["version"] + int(row["others"] or 0) for row in found}


async def ticked_by_others(family: int, guardian: int) -> dict[Key, str]:
    """The cells of the family's cart that another of its parents ticked, each with the first name."""
    found = await rows(_TICKED, [family, guardian])
    return {(row["child_id"], row["slot_id"], as_date(row["day"])): row["first_name"] for row in found}


_NUMBERS = """
SELECT family.id, family.version, (
  SELECT SUM(other.version) FROM family AS other WHERE other.id <> family.id AND other.id IN (
    SELECT theirs.family_id FROM home AS ours JOIN home AS theirs ON theirs.child_id = ours.child_id
    WHERE ours.family_id = family.id)
) AS others
FROM family WHERE family.id IN ({families})
"""

_TICKED = """
SELECT cart_line.child_id, cart_line.slot_id, cart_line.day, guardian.first_name
FROM cart_line JOIN guardian ON guardian.id = cart_line.made_by_id
WHERE cart_line.family_id = ? AND guardian.id <> ?
"""
