"""What may not be merged yet, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.families.file.health import ChildHealth
from models.households import pairs
from models.households.pairs import Pair
from models.rules.booking import LIVE, BookingState
from models.rules.families.health import NOTHING
from models.rules.states.campaigns import UNDER_WAY
from models.rules.states.debits import LIVE as LIVE_DEBITS
from models.rules.states.debits import DebitState, MandateState
from models.rules.states.orders import Billing, OrderState
from models.rules.states.payments import OPEN, REFUND_OPEN
from models.rules.states.requests import RequestState
from models.storage.database import rows, sql_list


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`code`: see CODES. `names`: whom it is about, "" where it is about the file."""

    code: str
    names: str = ""


CODES = (
    "merged",  # one of both is closed already
    "anonymised",  # of one of both nobody is named any more
    "payment",  # an order is being paid, a payment is at the bank
    "debit",  # a direct debit is under way
    "mandate",  # the closed file has a mandate
    "refund",  # an avoir is being given back
    "uninvoiced",  # days of the closed file are not on an invoice yet
    "unsure",  # days of it are asked for, waited for or offered
    "requests",  # it waits for an answer
    "class_event",  # days of it may come back when a class does
    "accounts",  # a parent can sign in to both
    "twice",  # one child is booked twice on a day
    "health",  # of one child two things are said
    "elsewhere",  # a child that was entered twice has a second home
)


async def obstacles(closed: int, kept: int, today: date) -> list[Obstacle]:
    """Nothing where `closed` may be merged into `kept`."""
    found = [Obstacle(code) for code in _CODES if await _is_there(code, closed, kept, today)]
    both = (await pairs.parents(closed, kept)).both
    if both:
        found.append(Obstacle("accounts", ", ".join(one.name for one in both)))
    twins = [pair for pair in await pairs.children(closed, kept) if pair.closed.id != pair.kept.id]
    for code, names in (
        ("twice", await _booked_twice(twins, today)),
        ("health", await _said_twice(twins)),
        ("elsewhere", await _of_a_third(twins, closed)),
    ):
        if names:
            found.append(Obstacle(code, ", ".join(names)))
    return found


async def in_the_way(family: int, today: date) -> list[Obstacle]:
    """Nothing where a household may part: no day or payment of it is between two states."""
    return [Obstacle(code) for code in _PARTING if await _is_there(code, family, family, today)]


async def _is_there(code: str, closed: int, kept: int, today: date) -> bool:
    values = {"closed": closed, "kept": kept, "today": today}
    sql, names = _CODES[code]
    [row] = await rows(f"SELECT COUNT(*) AS number FROM {sql}", [values[name] for name in names.split()])  # noqa: S608
    return bool(row["number"])


async def _booked_twice(twins: Sequence[Pair], today: date) -> list[str]:
    return [
        pair.kept.first_name for pair in twins if await rows(_TWICE, [pair.closed.id, pair.kept.id, today])
    ]


async def _said_twice(twins: Sequence[Pair]) -> list[str]:
    known = await ChildHealth.known([id for pair in twins for id in (pair.closed.id, pair.kept.id)])
    return [
        pair.kept.first_name
        for pair in twins
        if known.get(pair.closed.id, NOTHING) not in (NOTHING, known.get(pair.kept.id, NOTHING))
        and known.get(pair.kept.id, NOTHING) != NOTHING
    ]


async def _of_a_third(twins: Sequence[Pair], closed: int) -> list[str]:
    return [
        pair.kept.first_name
        for pair in twins
        if await rows("SELECT id FROM home WHERE child_id = ? AND family_id <> ?", [pair.closed.id, closed])
    ]


_UNSURE = tuple(state for state in LIVE if state != BookingState.CONFIRMED)
_AT_A_BANK = tuple(state for state in LIVE_DEBITS if state != DebitState.PAID)
_PARTING = ("merged", "anonymised", "payment", "unsure", "requests", "class_event")
_CODES = {
    "merged": ("family_merge WHERE family_id IN (?, ?)", "closed kept"),
    "anonymised": (
        "event WHERE family_id IN (?, ?) AND action IN ('family.anonymised', 'family.anonymised_again')",
        "closed kept",
    ),
    "payment": (
        f"""(SELECT id FROM family_order WHERE family_id IN (?, ?) AND state = '{OrderState.HELD}'
  UNION ALL SELECT id FROM payment WHERE family_id IN (?, ?) AND state IN {sql_list(OPEN)}) AS under_way""",  # noqa: S608
        "closed kept closed kept",
    ),
    "debit": (
        f"""direct_debit JOIN mandate ON mandate.id = direct_debit.mandate_id
  WHERE mandate.family_id = ? AND direct_debit.state IN {sql_list(_AT_A_BANK)}""",
        "closed",
    ),
    "mandate": (f"mandate WHERE family_id = ? AND state = '{MandateState.ACTIVE}'", "closed"),
    "refund": (f"refund WHERE family_id = ? AND state IN {sql_list(REFUND_OPEN)}", "closed"),
    "uninvoiced": (
        f"""(SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id
  JOIN activity ON activity.id = slot.activity_id
  WHERE booking.family_id = ? AND booking.day <= ? AND activity.billing = '{Billing.INVOICED}' AND booking.billed
    AND booking.cents > 0 AND booking.state IN ('{BookingState.CONFIRMED}', '{BookingState.CANCELLED}')
    AND NOT EXISTS (SELECT 1 FROM invoiced_booking WHERE invoiced_booking.booking_id = booking.id)
  UNION ALL SELECT draft.id FROM invoice_draft AS draft JOIN invoice_campaign AS campaign
    ON campaign.id = draft.campaign_id
  WHERE draft.family_id = ? AND draft.invoice_id IS NULL AND campaign.state IN {sql_list(UNDER_WAY)}) AS due""",  # noqa: S608
        "closed today closed",
    ),
    "unsure": (
        f"booking WHERE family_id = ? AND day >= ? AND state IN {sql_list(_UNSURE)}",
        "closed today",
    ),
    "requests": (f"request WHERE family_id = ? AND state = '{RequestState.PENDING}'", "closed"),
    "class_event": (
        """cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
  WHERE cancelled_day.returned_at IS NULL AND booking.family_id = ? AND booking.day >= ?""",
        "closed today",
    ),
}
_TWICE = f"""
SELECT one.id FROM booking AS one JOIN booking AS other ON other.slot_id = one.slot_id AND other.day = one.day
WHERE one.child_id = ? AND other.child_id = ? AND one.day > ? AND one.state IN {sql_list(LIVE)}
  AND other.state IN {sql_list(LIVE)}
"""  # noqa: S608
