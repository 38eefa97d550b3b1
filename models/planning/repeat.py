"""Ticks that repeat others: a week as the one before, a brother's or a sister's like this one."""

from datetime import timedelta

from models.planning.planning import Planning
from models.planning.sheet import Cell
from models.planning.wishes import Op

WEEK = timedelta(days=7)
WISHED = ("picked", "sent", "booked", "waiting")


def as_before(week: Planning, before: Planning) -> list[Op]:
    """What makes the open days of a week like the same weekdays of the one before."""
    wished = {
        (cell.child.id, cell.slot, cell.day + WEEK): cell.look.state in WISHED
        for row in before.rows
        for cell in row.cells
        if _says(cell)
    }
    return [
        Op(cell.child.id, cell.slot, cell.day, wished[key])
        for row in week.rows
        for cell in row.operable
        if (key := (cell.child.id, cell.slot, cell.day)) in wished and wished[key] != cell.look.ticked
    ]


def as_sibling(theirs: Planning, mine: Planning) -> list[Op]:
    """What makes one child's open days like another's, in the activities that both have."""
    wished = {
        (cell.slot, cell.day): cell.look.state in WISHED
        for row in mine.rows
        for cell in row.cells
        if _says(cell)
    }
    return [
        Op(cell.child.id, cell.slot, cell.day, wished[cell.slot, cell.day])
        for row in theirs.rows
        for cell in row.operable
        if wished.get((cell.slot, cell.day), cell.look.ticked) != cell.look.ticked
    ]


def _says(cell: Cell) -> bool:
    """Does the day tell what the family wished? Not a closed one, nor one that could not be had, nor what the
    child's other home booked."""
    if cell.look.state == "past":
        return cell.look.why == "late"
    return cell.look.state not in ("never", "closed", "holiday", "other")
