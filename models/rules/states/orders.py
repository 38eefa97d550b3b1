"""What a family orders: how it is billed, how far its order has come, what a line of it does."""

from enum import StrEnum


class Billing(StrEnum):
    """Of an activity."""

    PREPAID = "prepaid"
    INVOICED = "invoiced"  # by the month


class OrderKind(StrEnum):
    PREPAID = "prepaid"
    INVOICED = "invoiced"  # confirmed at the click
    MEMBERSHIP = "membership"


class OrderState(StrEnum):
    HELD = "held"  # awaits the bank
    CONFIRMED = "confirmed"
    RELEASED = "released"  # not paid: nothing of it holds


class LineAction(StrEnum):
    ADD = "add"
    CANCEL = "cancel"
    MEMBERSHIP = "membership"
    VOID = "void"  # a membership that the child had already: its money is a credit


# Can still be confirmed: one that was released, by money that comes late.
CONFIRMABLE = (OrderState.HELD, OrderState.RELEASED)
STANDING = (OrderState.HELD, OrderState.CONFIRMED)
# A day is booked or given back, no membership.
OF_DAYS = (LineAction.ADD, LineAction.CANCEL)
