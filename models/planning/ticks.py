"""Ticks: what a family wishes, cell by cell, written into its cart. Each says the wished state and may be repeated."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from models.activities.catalogue import Catalogue
from models.families.family import Family
from models.families.household import Household
from models.planning.cell import Cell, Key, Line
from models.planning.facts import PlanningFacts
from models.rules import cells
from models.rules.booking import Does, Facts, effect
from models.rules.states.orders import LineAction
from models.storage.database import finish, instant, marks, rows, write

Writes = list[tuple[str, list[Any]]]  # statements and their values

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

    A tick brings the slots that it needs, an untick takes away what needs it.
    `around` (children, slots, first and last day) are the facts the caller wants to draw afterwards.
    `undoable` keeps, under the key, what models.undo needs to take the batch back.
    """
    household = household or await Household.read(family)
    asked = {op.key for op in ops}
    ops = with_needs(catalogue, ops)
    _check(catalogue, household, ops)
    children, slots, first, last = reach(ops, around)
    async with Family.turn(family):
        facts = await PlanningFacts.read(catalogue, household, now, children, slots, first, last, key)
        if facts.repeated:
            return outcome(facts, ops, _refusals(facts, ops), repeated=True, back=Undo())
        ops = [op for op in ops if op.key in asked or _moves(facts, op)]
        refused, back, writes = decide(facts, ops, by)
        if key is not None:
            kept = str(back) if undoable and back else None
            writes.append((_BATCH, [family, key, instant(now), kept]))
        log.info("family %s, batch %s: %s", family, key, " ".join(map(str, ops)))  # as they are locked
        await finish(writes)
    return outcome(facts, ops, refused, repeated=False, back=back)


def with_needs(catalogue: Catalogue, ops: Sequence[Tick]) -> list[Tick]:
    """Each with the cells that go with it, on the same day; what is said last of a cell holds."""
    needs, found = catalogue.needs, dict[Key, Tick]()
    for op in ops:
        others = needs.with_it(op.slot, ticked=op.ticked)
        found |= {one.key: one for one in (*(replace(op, slot=other) for other in others), op)}
    return list(found.values())


def _in_order(catalogue: Catalogue, ops: Sequence[Tick]) -> list[Tick]:
    """The last of each cell: what is needed is ticked first, and unticked last."""
    needs, last = catalogue.needs, {op.key: op for op in ops}
    if not needs.needed:
        return list(last.values())
    return sorted(last.values(), key=lambda op: needs.depth(op.slot) * (1 if op.ticked else -1))


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
    return not await rows(f"{_BATCH} ON CONFLICT DO NOTHING RETURNING id", [family, key, instant(now), None])


async def remember(family: int, key: str, back: Undo) -> None:
    await write("UPDATE batch SET back = ? WHERE family_id = ? AND key = ?", [str(back), family, key])


_BATCH = "INSERT INTO batch (family_id, key, applied_at, back) VALUES (?, ?, ?, ?)"


async def write_ticks(facts: PlanningFacts, ops: Sequence[Tick], by: int | None) -> None:
    """Into the cart, in a transaction that goes on."""
    for sql, values in decide(facts, ops, by)[2]:
        await write(sql, values)


def decide(facts: PlanningFacts, ops: Sequence[Tick], by: int | None) -> tuple[set[Key], Undo, Writes]:
    """The cells that are refused, what is changed, and what to write into the cart; the facts say it already."""
    household, refused = facts.household, set()
    gone: list[Tick] = []
    added: dict[Key, list[Any]] = {}
    dropped: list[int] = []
    wished = _in_order(facts.catalogue, ops)
    for op in wished:
        cell_facts = facts.of_cell(household.own(op.child), op.slot, op.day)
        answer = cells.answer(cell_facts, op.ticked, facts.now)
        if answer == "refuse" or (answer != "nothing" and _is_alone(facts, op, cell_facts, wished)):
            refused.add(op.key)
        elif answer == "drop":
            line = facts.cart.pop(op.key)
            dropped.append(line.id)
            gone.append(replace(op, ticked=line.action == LineAction.ADD))
        elif isinstance(answer, LineAction):
            facts.late.pop(op.key, None)  # it counts no more, but has its row, which is written over
            line, tariff = _line(facts, op, cell_facts, answer)
            facts.cart[op.key] = line
            added[op.key] = [
                household.family,
                *op.key,
                answer,
                line.cents,
                line.reason,
                tariff,
                line.waits,
                by,
            ]
    writes: Writes = []
    if dropped:
        writes.append((f"DELETE FROM cart_line WHERE id IN ({marks(dropped)})", dropped))  # noqa: S608
    if added:
        made = instant(facts.now)
        values = [value for row in added.values() for value in (*row, made)]
        writes.append((_LINES.format(rows=", ".join([_ROW] * len(added))), values))
    return refused, Undo(tuple(added), tuple(gone)), writes


def _is_alone(facts: PlanningFacts, op: Tick, cell_facts: Facts, wished: Sequence[Tick]) -> bool:
    """Would it stand without the slot that it needs, or leave one that needs it?

    A rank on a waiting list is no place: a full day is asked for alone.
    """
    needs = facts.catalogue.needs
    mine = [replace(op, slot=slot) for slot in needs.needed_by(op.slot)] if needs.needed else []
    if not op.ticked:
        return any(_seen(facts, one.key).ticked for one in mine)
    if effect(cell_facts, LineAction.ADD, facts.now).kind is Does.WAIT and any(one in wished for one in mine):
        return True
    needed = needs.needed.get(op.slot)
    return needed is not None and not cells.stands(_seen(facts, (op.child, needed, op.day)))


def _seen(facts: PlanningFacts, key: Key) -> cells.CellState:
    child, slot, day = key
    return cells.state_of(facts.of_cell(facts.household.own(child), slot, day), facts.now)


def _moves(facts: PlanningFacts, op: Tick) -> bool:
    """Is it not as wished already?"""
    cell_facts = facts.of_cell(facts.household.own(op.child), op.slot, op.day)
    return cells.answer(cell_facts, op.ticked, facts.now) != "nothing"


_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LINES = """
INSERT INTO cart_line
  (family_id, child_id, slot_id, day, action, cents, reason, tariff_id, waits, made_by_id, made_at) VALUES {rows}
ON CONFLICT (family_id, child_id, slot_id, day) DO UPDATE SET action = excluded.action, cents = excluded.cents,
  reason = excluded.reason, tariff_id = excluded.tariff_id, waits = excluded.waits,
  made_by_id = excluded.made_by_id, made_at = excluded.made_at WHERE cart_line.order_id IS NULL
"""


def _line(facts: PlanningFacts, op: Tick, cell_facts: Facts, action: LineAction) -> tuple[Line, int | None]:
    """As the cart shows it, and the tariff that its price comes from. Its id is not needed before the next read."""
    price, does = cell_facts.price, effect(cell_facts, action, facts.now)
    if action == LineAction.CANCEL and cell_facts.booked:
        price = cell_facts.booked.price(price)
    cents, waits = abs(does.cents), does.kind is Does.WAIT
    return Line(0, *op.key, action, cents, price.reason, waits, None), price.tariff
