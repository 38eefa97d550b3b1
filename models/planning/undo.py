"""Taking back the last change of many days at once: exactly what it changed, and nothing that was done since."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from models.activities.catalogue import Catalogue
from models.families.family import Family
from models.families.household import Household
from models.planning.cell import Key
from models.planning.facts import PlanningFacts
from models.planning.ticks import (
    Outcome,
    Tick,
    Undo,
    decide,
    outcome,
    parse,
    reach,
    remember,
    seen,
    with_needs,
)
from models.rules.states.orders import LineAction
from models.storage.database import as_date, as_instant, finish, instant, marks, rows, write

LASTS = timedelta(days=1)


class NothingToTakeBack(LookupError):
    """The family made no such change."""


@dataclass(frozen=True, slots=True)
class Change:
    """A batch that can be taken back."""

    key: str
    at: datetime
    back: Undo

    @property
    def children(self) -> set[int]:
        return {key[0] for key in self.back.made} | {op.child for op in self.back.gone}

    @property
    def first(self) -> Key:
        """The earliest day it touched."""
        return min([*self.back.made, *(op.key for op in self.back.gone)], key=lambda key: key[2])


async def newest(family: int, now: datetime) -> Change | None:
    """The family's last change of many days that can be taken back, if it is recent."""
    found = await rows(_NEWEST, [family, instant(now - LASTS)])
    return _change(found[0]) if found else None


async def change(family: int, key: str) -> Change | None:
    """Nothing is left in its `back` once it was taken back."""
    found = await rows(_ONE, [family, key])
    return _change(found[0]) if found else None


async def take_back(
    catalogue: Catalogue, household: Household, key: str, now: datetime, by: int | None = None
) -> Outcome:
    """What the batch added and is still as it left it goes; what it took out comes back where it still may.

    What was validated meanwhile stays. Raises NothingToTakeBack.
    """
    family = household.family
    async with Family.turn(family):
        done = await change(family, key)
        if done is None:
            raise NothingToTakeBack
        await write("UPDATE batch SET back = NULL WHERE family_id = ? AND key = ?", [family, key])
        await _unmake(family, done)
        gone = [op for op in done.back.gone if op.slot in catalogue.slots and household.child(op.child)]
        around = reach(with_needs(catalogue, gone)) if gone else None
        facts = await PlanningFacts.read(catalogue, household, now, *around) if around else None
        wished = [op for op in gone if facts and op.key not in facts.cart]
        refused, back, writes = decide(facts, wished, by) if facts else (set[Key](), Undo(), [])
        await finish(writes)
    return outcome(facts or PlanningFacts(catalogue, household, now), wished, refused, False, back)


async def erase(
    catalogue: Catalogue, household: Household, child: int, first: date, last: date, key: str, now: datetime
) -> int:
    """Take the child's wishes of these days out of the cart; how many. Sent twice, it is done once."""
    family = household.family
    async with Family.turn(family):
        if await seen(family, key, now):
            return 0
        cart = (await PlanningFacts.read(catalogue, household, now, [], [], first, first)).cart.values()
        drafted = [line for line in cart if line.child == child and line.order is None]
        found = [line for line in drafted if first <= line.day <= last]
        if found:
            await _drop([line.id for line in found])
            gone = [Tick(child, line.slot, line.day, line.action == LineAction.ADD) for line in found]
            await remember(family, key, Undo((), tuple(gone)))
    return len(found)


async def _unmake(family: int, done: Change) -> None:
    """A line that was unticked and ticked again since is another one, of another moment."""
    made = set(done.back.made)
    lines = await rows(_MADE, [family, instant(done.at)])
    mine = [row["id"] for row in lines if (row["child_id"], row["slot_id"], as_date(row["day"])) in made]
    if mine:
        await _drop(mine)


async def _drop(ids: list[int]) -> None:
    await write(f"DELETE FROM cart_line WHERE id IN ({marks(ids)})", ids)  # noqa: S608


def _change(row: dict[str, Any]) -> Change:
    at, words = cast(datetime, as_instant(row["applied_at"])), (row["back"] or "").split()
    made = tuple(parse(f"{word}:0").key for word in words if ":" not in word)
    return Change(row["key"], at, Undo(made, tuple(parse(word) for word in words if ":" in word)))


_NEWEST = """
SELECT key, applied_at, back FROM batch WHERE family_id = ? AND back IS NOT NULL AND applied_at > ?
ORDER BY id DESC LIMIT 1
"""
_ONE = "SELECT key, applied_at, back FROM batch WHERE family_id = ? AND key = ?"
_MADE = "SELECT id, child_id, slot_id, day FROM cart_line WHERE family_id = ? AND made_at = ? AND order_id IS NULL"
