"""A child will not come on a day that is booked: what does saying so do, and cost?

In time it is a cancellation. Too late, the activity decides: cancelled but billed, or only told to the mairie.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from models.rules.booking import BookingState, Does, Facts, effect
from models.rules.states.orders import LineAction

REASONS = ("sick", "strike", "trip", "other")

Outcome = Literal[
    "credited",  # in time, paid already: a credit
    "unbilled",  # in time, on the month's invoice: not on it
    "asked",  # the mairie answers
    "late",  # too late: the place is given back, the day stays billed
    "kept",  # too late, or never possible: the booking stays, the mairie is told
]


def outcome(facts: Facts, prepaid: bool, now: datetime) -> Outcome | None:
    """None: nothing can be told, the day is not booked, is closed, or awaits the bank's or the mairie's answer.

    Whether its cancellation is drafted already makes no difference.
    """
    booked = facts.live
    if booked is None or booked.state != BookingState.CONFIRMED or (facts.wish and facts.wish.locked):
        return None
    does = effect(replace(facts, wish=None), LineAction.CANCEL, now)
    if does.why == "late" or does.why == "never":
        return "kept"
    if does.kind is Does.ASK:
        return "asked"
    if does.kind is Does.CANCEL_BILLED:
        return "late"
    if does.kind is Does.CANCEL:
        return "credited" if prepaid else "unbilled"
    return None


def became(state: str, billed: bool, prepaid: bool, pending: bool) -> Outcome:
    """What a told absence came to, from its booking and whether the mairie still has to answer."""
    if state == BookingState.CANCELLED:
        return "late" if billed else "credited" if prepaid else "unbilled"
    return "asked" if pending else "kept"
