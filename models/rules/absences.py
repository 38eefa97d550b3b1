"""A child will not come on a day that is booked: what does saying so do, and cost?

In time it is a cancellation. Too late, the activity decides: cancelled but billed, or only told to the mairie.
"""

from datetime import datetime
from typing import Literal

from models.rules.calendar import Kind
from models.rules.cells import Facts
from models.rules.deadlines import is_open

Outcome = Literal[
    "credited",  # in time, paid already: a credit
    "unbilled",  # in time, on the month's invoice: not on it
    "asked",  # the mairie answers
    "late",  # too late: the place is given back, the day stays billed
    "kept",  # too late: the booking stays, the mairie is told
]


def outcome(facts: Facts, prepaid: bool, now: datetime) -> Outcome | None:
    """None: nothing can be told, the day is not booked, is closed, or awaits the bank's or the mairie's answer."""
    booked, wish = facts.booked, facts.wish
    if booked is None or booked.state != "confirmed" or not booked.own or booked.cancel_asked:
        return None
    if facts.day.kind is not Kind.open or (wish is not None and wish.locked):
        return None
    in_time = is_open(now, facts.cancel_closes)
    if not in_time and not facts.late_cancel:
        return "kept"
    if facts.asks:
        return "asked"
    if not in_time:
        return "late"
    return "credited" if prepaid else "unbilled"


def became(state: str, billed: bool, prepaid: bool, pending: bool) -> Outcome:
    """What a told absence came to, from its booking and whether the mairie still has to answer."""
    if state == "cancelled":
        return "late" if billed else "credited" if prepaid else "unbilled"
    return "asked" if pending else "kept"
