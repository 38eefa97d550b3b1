"""What is to be paid now for the prepaid lines of one till?

A restant dû is settled with the next booking, a credit is used first, a sum below the bank's minimum goes on the
account, and an order that costs nothing is confirmed at once. Amounts are cents.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bill:
    net: int  # lines added less lines cancelled
    debt: int  # restant dû settled with it
    credit: int  # credit used
    due: int  # by card, now
    postponed: int  # too small for a card: on the account, for the next booking
    leaves: int  # credit that remains afterwards


def bill(net: int, standing: int, minimum: int) -> Bill:
    """`standing` is the family's account at the till: + restant dû, − avoir."""
    after = standing + net
    if net <= 0:
        return Bill(net, 0, 0, 0, 0, max(0, -after))
    debt, credit = max(0, standing), min(max(0, -standing), net)
    due = net + debt - credit
    if 0 < due < minimum:
        return Bill(net, debt, credit, 0, due, 0)
    return Bill(net, debt, credit, due, 0, max(0, -after))


def on_account(net: int, standing: int) -> Bill:
    """No card can be asked any more: what no credit covers is a debt of the till."""
    return bill(net, standing, minimum=net + abs(standing) + 1)


def membership(fees: int, minimum: int) -> Bill:
    """A membership is an order of its own: neither debt nor credit is mixed into it."""
    if 0 < fees < minimum:
        return Bill(fees, 0, 0, 0, fees, 0)
    return Bill(fees, 0, 0, fees, 0, 0)


def settled_meanwhile(debt: int, owed: int) -> int:
    """How much of the debt that a payment was to settle is not owed any more. `owed`: + restant dû, − avoir."""
    return max(0, debt - max(0, owed))


def still_covers(credit: int, owed: int) -> bool:
    """Is the credit that an order counted on still there, though nothing sets it aside any more?"""
    return credit <= max(0, -owed)
