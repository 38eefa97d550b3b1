"""Ticks that repeat others: a week as the one before, a brother's or a sister's like this one."""

from datetime import timedelta

from models.planning.cell import Cell
from models.planning.grid import Planning
from models.planning.ticks import Tick

WEEK = timedelta(days=7)
WISHED = ("picked", "sent", "booked", "waiting")


def like_previous_week(week: Planning, before: Planning) -> list[Tick]:
    """What makes the open days of a week like the same weekdays of the one before."""
    wished = {
        (cell.child.id, cell.slot, cell.day + WEEK): cell.shown.state in WISHED
        for row in before.rows
        for cell in row.cells
        if _says(cell)
    }
    return [
        Tick(cell.child.id, cell.slot, cell.day, wished[key])
        for row in week.rows
        for cell in row.operable
        if (key := (cell.child.id, cell.slot, cell.day)) in wished and wished[key] != cell.shown.ticked
    ]


def like_sibling(theirs: Planning, mine: Planning) -> list[Tick]:
    """What makes one child's open days like another's, in the activities that both have."""
    wished = {
        (cell.slot, cell.day): cell.shown.state in WISHED
        for row in mine.rows
        for cell in row.cells
        if _says(cell)
    }
    return [
        Tick(cell.child.id, cell.slot, cell.day, wished[cell.slot, cell.day])
        for row in theirs.rows
        for cell in row.operable
        if wished.get((cell.slot, cell.day), cell.shown.ticked) != cell.shown.ticked
    ]


def _says(cell: Cell) -> bool:
    """Does the day tell what the family wished? Not a closed one, nor one that could not be had, nor what the
    child's other home booked."""
    if cell.shown.state == "past":
        return cell.shown.why == "late"
    return cell.shown.state not in ("never", "closed", "holiday", "other")
