"""Which children will not come, as the mairie reads it: a page of what parents told, how many on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from models.rules.absences import Outcome, became
from models.rules.states.orders import Billing
from models.rules.states.requests import RequestKind, RequestState
from models.storage.database import as_date, as_instant, rows
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class ExpectedAbsence:
    id: int
    family: str  # its number
    first_name: str
    last_name: str
    activity: str
    slot: str
    day: date
    reason: str  # one of models.rules.absences.REASONS
    outcome: Outcome
    told_at: datetime


async def page(
    cut: Cut, first: date, last: date, *, reason: str = "", search: str = ""
) -> Page[ExpectedAbsence]:
    where = Where().and_also("booking.day BETWEEN ? AND ?", first, last)
    if reason:
        where = where.and_also("absence.reason = ?", reason)
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def counts(first: date, last: date) -> dict[str, int]:
    """By reason."""
    return {row["reason"]: int(row["number"]) for row in await rows(_COUNTS, [first, last])}


def _line(row: dict[str, Any]) -> ExpectedAbsence:
    same = ("id", "first_name", "last_name", "activity", "slot", "reason")
    return ExpectedAbsence(
        **{name: row[name] for name in same},
        family=row["number"],
        day=as_date(row["day"]),
        told_at=cast(datetime, as_instant(row["told_at"])),
        outcome=became(
            row["state"], bool(row["billed"]), row["billing"] == Billing.PREPAID, bool(row["pending"])
        ),
    )


_COUNTS = """
SELECT absence.reason, COUNT(*) AS number FROM absence JOIN booking ON booking.id = absence.booking_id
WHERE booking.day BETWEEN ? AND ? GROUP BY absence.reason
"""
_SEARCHED = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name",
             "family.number", "slot.name")  # fmt: skip
_NAMES = (Name("child.last_name"), Name("child.first_name"), "child.id", "slot.starts", "absence.id")

_LISTING = Listing(
    columns=f"""
absence.id, absence.reason, absence.told_at, family.number, child.first_name, child.last_name,
  activity.name AS activity, activity.billing, slot.name AS slot, booking.day, booking.state, booking.billed,
  EXISTS (SELECT 1 FROM request WHERE request.booking_id = booking.id
    AND request.kind = '{RequestKind.CANCELLATION}' AND request.state = '{RequestState.PENDING}')
    AS pending""",  # noqa: S608
    source="""
absence JOIN booking ON booking.id = absence.booking_id JOIN family ON family.id = absence.family_id
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id
""",
    orders={
        "day": ("booking.day", *_NAMES),
        "child": (
            Name("child.last_name"),
            Name("child.first_name"),
            "child.id",
            "booking.day",
            "absence.id",
        ),
        "slot": ("slot.starts", "slot.name", "booking.day", *_NAMES),
        "told": ("absence.told_at", "absence.id"),
    },
    row=_line,
)
