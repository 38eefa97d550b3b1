"""Which drawing of the sprite stands for the state of a cell."""

from models.rules.cells import CellState

MARKS = {
    "picked": "m-picked",
    "sent": "m-sent",
    "booked": "m-booked",
    "waiting": "m-waiting",
    "cancel": "m-cancel",
    "cancelsent": "m-cancel",
    "refused": "m-refused",
    "other": "m-booked",
    "closed": "m-closed",
}


def cell_mark(shown: CellState) -> str:
    """Empty for a state that has none."""
    return MARKS.get(shown.state, "m-waiting" if shown.state == "free" and shown.why == "queue" else "")


LETTERS = {"present": "P", "absent": "Abs", "absent_free": "Abs 0\u00a0€"}


def cell_letters(shown: CellState) -> str:
    """What stands in a cell instead of its drawing, once the roll was called."""
    return LETTERS.get(shown.why, "")
