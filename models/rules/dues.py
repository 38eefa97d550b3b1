"""What of a family's account is still to be paid, when what was paid did not always say for what."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

FROM_ARREARS, FROM_PAPERS = EXEMPTIONS = ("arrears", "papers")  # in spite of what a family books on


def settle_oldest(owed: int, debts: Sequence[int]) -> tuple[list[int], int]:
    """What is left of each debt (the oldest first, cents still open by what was paid for that very one), and what is
    owed besides. `owed`: all that the family owes outside invoices, in cents.

    What was paid without saying for which debt (with an order, by an avoir) settles the oldest first.
    """
    spare = max(0, sum(debts) - max(0, owed))
    left = []
    for debt in debts:
        settled = min(spare, debt)
        spare -= settled
        left.append(debt - settled)
    return left, max(0, owed) - sum(left)


def apply_credit(credit: int, sums: Sequence[int]) -> list[int]:
    """How much of each sum a credit pays, in their order."""
    applied = []
    for cents in sums:
        used = min(credit, cents)
        credit -= used
        applied.append(used)
    return applied


def late_for(debts: Iterable[tuple[int, date]], days: int, today: date) -> int:
    """Of debts (cents still open, the day by which each was to be paid): those late for so many days, in cents."""
    return sum(cents for cents, due in debts if due + timedelta(days=days) < today)


def suspends(late: int, credit: int, above: int | None) -> bool:
    """May the family book no more days at a till that allows it to be late with `above` cents? Its avoir counts."""
    return above is not None and late - credit > above


def credit_moves(moves: Iterable[int]) -> list[tuple[int, int]]:
    """What each movement of an account (+ the family owes) does to its avoir, and the avoir after it, in cents."""
    owed, found = 0, []
    for cents in moves:
        before, owed = max(0, -owed), owed + cents
        after = max(0, -owed)
        found.append((after - before, after))
    return found
