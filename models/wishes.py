"""Ticks: what a family wishes, cell by cell, written into its cart. Each says the wished state and may be repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import waiting
from models.cart import CartLine
from models.catalogue import Catalogue
from models.database import instant, marks, rows, transaction, write
from models.family import Family
from models.household import Household
from models.rules import cells
from models.sheet import Cell, Key, Line, Sheet


class NotYours(LookupError):
    """An operation names a child, a slot or a day that the family's planning does not have."""


@dataclass(frozen=True, slots=True)
class Op:
    """`ticked` is the wished state of child × slot × day."""

    child: int
    slot: int
    day: date
    ticked: bool

    @property
    def key(self) -> Key:
        return self.child, self.slot, self.day


@dataclass(frozen=True, slots=True)
class Outcome:
    sheet: Sheet
    done: tuple[Cell, ...]  # as they are after the ticks
    refused: tuple[Cell, ...]  # as they were: their `look.why` says the reason
    again: bool  # the batch was applied before


def parse(text: str) -> Op:
    """`<child>-<slot>-<date>:<1|0>`. Raises ValueError."""
    cell, _, wished = text.partition(":")
    child, slot, day = cell.split("-", 2)
    if wished not in ("0", "1"):
        raise ValueError(text)
    return Op(int(child), int(slot), date.fromisoformat(day), wished == "1")


async def wish(
    catalogue: Catalogue,
    family: int,
    ops: Sequence[Op],
    now: datetime,
    by: int | None = None,
    key: str | None = None,
    around: tuple[list[int], list[int], date, date] | None = None,
    household: Household | None = None,
) -> Outcome:
    """Apply a batch of ticks in one short transaction. Raises NotYours.

    `around` (children, slots, first and last day) are the facts the caller wants to draw afterwards.
    """
    household = household or await Household.read(family)
    _check(catalogue, household, ops)
    children, slots, first, last = _reach(ops, around)
    async with transaction():
        await Family.lock(family)
        sheet = await Sheet.read(catalogue, household, now, children, slots, first, last)
        again = key is not None and await _seen(family, key, now)
        refused = set() if again else await _apply(sheet, ops, by)
    cells_now = {op.key: sheet.cell(household.own(op.child), op.slot, op.day) for op in ops}
    return Outcome(
        sheet,
        tuple(cell for at, cell in cells_now.items() if at not in refused),
        tuple(cell for at, cell in cells_now.items() if at in refused),
        again,
    )


def _check(catalogue: Catalogue, household: Household, ops: Sequence[Op]) -> None:
    for op in ops:
        if op.slot not in catalogue.slots or household.child(op.child) is None:
            raise NotYours(op)
        meant = catalogue.activity_of(op.slot).timetable
        if not meant.opens <= op.day <= meant.closes:
            raise NotYours(op)


def _reach(
    ops: Sequence[Op], around: tuple[list[int], list[int], date, date] | None
) -> tuple[list[int], list[int], date, date]:
    children, slots = {op.child for op in ops}, {op.slot for op in ops}
    dates = [op.day for op in ops]
    if around:
        children |= set(around[0])
        slots |= set(around[1])
        dates += [around[2], around[3]]
    return sorted(children), sorted(slots), min(dates), max(dates)


async def _seen(family: int, key: str, now: datetime) -> bool:
    return not await rows(_BATCH, [family, key, instant(now)])


_BATCH = "INSERT INTO batch (family_id, key, applied_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"


async def _apply(sheet: Sheet, ops: Sequence[Op], by: int | None) -> set[Key]:
    """Write the cart; returns the cells that were refused."""
    household, refused = sheet.household, set()
    added: dict[Key, CartLine] = {}
    dropped: list[int] = []
    for op in {op.key: op for op in ops}.values():
        facts = sheet.facts(household.own(op.child), op.slot, op.day)
        answer = cells.answer(facts, op.ticked, sheet.now)
        if answer == "refuse":
            refused.add(op.key)
        elif answer == "drop":
            dropped.append(sheet.cart.pop(op.key).id)
        elif answer == "decline" and facts.booked:
            await waiting.decline(facts.booked.id, sheet.now)
            sheet.booked.pop(op.key)
        elif answer in ("add", "cancel"):
            added[op.key] = _row(sheet, op, facts, answer, by)
            sheet.cart[op.key] = _shown(added[op.key])
    if dropped:
        await write(f"DELETE FROM cart_line WHERE id IN ({marks(dropped)})", dropped)  # noqa: S608
    if added:
        await _insert(list(added.values()))
    return refused


async def _insert(lines: list[CartLine]) -> None:
    """By hand: a tick is this and little more."""
    if len(lines) > 1:
        await CartLine.bulk_create(lines)
        return
    one = lines[0]
    facts = [one.family_id, one.child_id, one.slot_id, one.day, one.action, one.cents, one.reason]
    await write(_LINE, [*facts, one.waits, one.made_by_id, instant(one.made_at)])


_LINE = """
INSERT INTO cart_line (family_id, child_id, slot_id, day, action, cents, reason, waits, made_by_id, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def _row(sheet: Sheet, op: Op, facts: cells.Facts, action: str, by: int | None) -> CartLine:
    price = sheet.price(sheet.household.own(op.child), op.slot, op.day)
    cents, waits = price.cents, False
    if action == "cancel" and facts.booked:
        late = cells.look(facts, sheet.now).why == "late_billed"
        cents = 0 if late or facts.booked.state != "confirmed" else facts.booked.cents
    elif action == "add":
        waits = facts.full
    return CartLine(
        family_id=sheet.household.family,
        child_id=op.child,
        slot_id=op.slot,
        day=op.day,
        action=action,
        cents=cents,
        reason=price.reason,
        waits=waits,
        made_by_id=by,
        made_at=sheet.now,
    )


def _shown(row: CartLine) -> Line:
    """The line as the sheet shows it; its id is not needed before the next read."""
    return Line(0, row.child_id, row.slot_id, row.day, row.action, row.cents, row.reason, row.waits, None)
