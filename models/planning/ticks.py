"""Ticks: what a family wishes, cell by cell, written into its cart. Each says the wished state and may be repeated."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.activities.catalogue import Catalogue
from models.bookings.cart import CartLine
from models.families.family import Family
from models.families.household import Household
from models.planning.cell import Cell, Key, Line
from models.planning.facts import PlanningFacts
from models.rules import cells
from models.rules.booking import Does, Facts, effect
from models.rules.states.orders import LineAction
from models.storage.database import instant, marks, rows, transaction, write

log = logging.getLogger("portail.ticks")


class NotYours(LookupError):
    """An operation names a child, a slot or a day that the family's planning does not have."""


@dataclass(frozen=True, slots=True)
class Tick:
    """`ticked` is the wished state of child × slot × day."""

    child: int
    slot: int
    day: date
    ticked: bool

    @property
    def key(self) -> Key:
        return self.child, self.slot, self.day

    def __str__(self) -> str:
        return f"{self.child}-{self.slot}-{self.day.isoformat()}:{int(self.ticked)}"


@dataclass(frozen=True, slots=True)
class Undo:
    """What a batch changed in the cart: the lines it made, and the ticks that would restore those it took out."""

    made: tuple[Key, ...] = ()
    gone: tuple[Tick, ...] = ()

    def __len__(self) -> int:
        return len(self.made) + len(self.gone)

    def __str__(self) -> str:
        made = (f"{child}-{slot}-{day.isoformat()}" for child, slot, day in self.made)
        return " ".join([*made, *map(str, self.gone)])


@dataclass(frozen=True, slots=True)
class Outcome:
    facts: PlanningFacts
    done: tuple[Cell, ...]  # as they are after the ticks
    refused: tuple[Cell, ...]  # as they were: their `look.why` says the reason
    repeated: bool  # the batch was applied before
    back: Undo = Undo()


def parse(text: str) -> Tick:
    """`<child>-<slot>-<date>:<1|0>`. Raises ValueError."""
    cell, _, wished = text.partition(":")
    child, slot, day = cell.split("-", 2)
    if wished not in ("0", "1"):
        raise ValueError(text)
    return Tick(int(child), int(slot), date.fromisoformat(day), wished == "1")


async def apply_ticks(
    catalogue: Catalogue,
    family: int,
    ops: Sequence[Tick],
    now: datetime,
    by: int | None = None,
    key: str | None = None,
    around: tuple[list[int], list[int], date, date] | None = None,
    household: Household | None = None,
    undoable: bool = False,
) -> Outcome:
    """Apply a batch of ticks in one short transaction. Raises NotYours.

    `around` (children, slots, first and last day) are the facts the caller wants to draw afterwards.
    `undoable` keeps, under the key, what models.undo needs to take the batch back.
    """
    household = household or await Household.read(family)
    _check(catalogue, household, ops)
    children, slots, first, last = reach(ops, around)
    async with transaction():
        await Family.lock(family)
        facts = await PlanningFacts.read(catalogue, household, now, children, slots, first, last)
        repeated = key is not None and await seen(family, key, now)
        refused, back = (_refusals(facts, ops), Undo()) if repeated else await write_ticks(facts, ops, by)
        if key is not None and undoable and back:
            await remember(family, key, back)
        if not repeated:
            log.info("family %s, batch %s: %s", family, key, " ".join(map(str, ops)))  # as they are locked
    return outcome(facts, ops, refused, repeated, back)


def _refusals(facts: PlanningFacts, ops: Sequence[Tick]) -> set[Key]:
    """Of a batch that was applied before: what would be refused still, for whom the first answer never reached."""
    last = {op.key: op for op in ops}.values()
    cell_facts = {op: facts.of_cell(facts.household.own(op.child), op.slot, op.day) for op in last}
    return {op.key for op in last if cells.answer(cell_facts[op], op.ticked, facts.now) == "refuse"}


def outcome(
    facts: PlanningFacts, ops: Sequence[Tick], refused: set[Key], repeated: bool, back: Undo
) -> Outcome:
    household = facts.household
    cells_now = {op.key: facts.cell(household.own(op.child), op.slot, op.day) for op in ops}
    return Outcome(
        facts,
        tuple(cell for at, cell in cells_now.items() if at not in refused),
        tuple(cell for at, cell in cells_now.items() if at in refused),
        repeated,
        back,
    )


def _check(catalogue: Catalogue, household: Household, ops: Sequence[Tick]) -> None:
    for op in ops:
        if op.slot not in catalogue.slots or household.child(op.child) is None:
            raise NotYours(op)
        meant = catalogue.activity_of(op.slot).timetable
        if not meant.opens <= op.day <= meant.closes:
            raise NotYours(op)


def reach(
    ops: Sequence[Tick], around: tuple[list[int], list[int], date, date] | None = None
) -> tuple[list[int], list[int], date, date]:
    children, slots = {op.child for op in ops}, {op.slot for op in ops}
    dates = [op.day for op in ops]
    if around:
        children |= set(around[0])
        slots |= set(around[1])
        dates += [around[2], around[3]]
    return sorted(children), sorted(slots), min(dates), max(dates)


async def seen(family: int, key: str, now: datetime) -> bool:
    """Was the batch applied before? If not, its key is kept from now on."""
    return not await rows(_BATCH, [family, key, instant(now)])


async def remember(family: int, key: str, back: Undo) -> None:
    await write("UPDATE batch SET back = ? WHERE family_id = ? AND key = ?", [str(back), family, key])


_BATCH = "INSERT INTO batch (family_id, key, applied_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"


async def write_ticks(facts: PlanningFacts, ops: Sequence[Tick], by: int | None) -> tuple[set[Key], Undo]:
    """Write the cart; the cells that were refused, and what was changed."""
    household, refused = facts.household, set()
    gone: list[Tick] = []
    added: dict[Key, CartLine] = {}
    dropped: list[int] = []
    for op in {op.key: op for op in ops}.values():
        cell_facts = facts.of_cell(household.own(op.child), op.slot, op.day)
        answer = cells.answer(cell_facts, op.ticked, facts.now)
        if answer == "refuse":
            refused.add(op.key)
        elif answer == "drop":
            line = facts.cart.pop(op.key)
            dropped.append(line.id)
            gone.append(replace(op, ticked=line.action == LineAction.ADD))
        elif isinstance(answer, LineAction):
            if op.key in facts.late:  # it counts no more, but has its row
                dropped.append(facts.late.pop(op.key).id)
            added[op.key] = _row(facts, op, cell_facts, answer, by)
            facts.cart[op.key] = _shown(added[op.key])
    if dropped:
        await write(f"DELETE FROM cart_line WHERE id IN ({marks(dropped)})", dropped)  # noqa: S608
    if added:
        await _insert(list(added.values()))
    return refused, Undo(tuple(added), tuple(gone))


async def _insert(lines: list[CartLine]) -> None:
    """By hand: a tick is this and little more."""
    if len(lines) > 1:
        await CartLine.bulk_create(lines)
        return
    one = lines[0]
    cell_facts = [one.family_id, one.child_id, one.slot_id, one.day, one.action]
    price = [one.cents, one.reason, one.tariff_id]
    await write(_LINE, [*cell_facts, *price, one.waits, one.made_by_id, instant(one.made_at)])


_LINE = """
INSERT INTO cart_line
  (family_id, child_id, slot_id, day, action, cents, reason, tariff_id, waits, made_by_id, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def _row(facts: PlanningFacts, op: Tick, cell_facts: Facts, action: LineAction, by: int | None) -> CartLine:
    price, does = cell_facts.price, effect(cell_facts, action, facts.now)
    if action == LineAction.CANCEL and cell_facts.booked:
        price = cell_facts.booked.price(price)
    return CartLine(
        family_id=facts.household.family,
        child_id=op.child,
        slot_id=op.slot,
        day=op.day,
        action=action,
        cents=abs(does.cents),
        reason=price.reason,
        tariff_id=price.tariff,
        waits=does.kind is Does.WAIT,
        made_by_id=by,
        made_at=facts.now,
    )


def _shown(row: CartLine) -> Line:
    """The line as the sheet shows it; its id is not needed before the next read."""
    action = LineAction(row.action)
    return Line(0, row.child_id, row.slot_id, row.day, action, row.cents, row.reason, row.waits, None)
