"""What families asked, as the mairie reads it: a page of the list, one request, how many wait."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules.capacity import is_over
from models.storage.database import as_date, as_instant, marks, rows
from models.storage.paging import Cut, Listing, Page, Where


@dataclass(frozen=True, slots=True)
class RequestLine:
    id: int
    kind: str  # book | cancel
    state: str  # pending | accepted | refused | withdrawn
    made_at: datetime
    answered_at: datetime | None
    answered_by: str | None  # who at the mairie
    reason: str | None  # of a refusal
    family: str  # its number
    first_name: str
    last_name: str
    activity: str
    slot: str
    day: date
    left: int | None  # places; none: no limit
    ahead: int  # how many wait for a place of that day
    booking: str  # its state
    cents: int  # the price of the day
    prepaid: bool
    offered_until: datetime | None
    credit: int | None  # of an order made by a late acceptance, in cents
    owed: int

    @property
    def child(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def pending(self) -> bool:
        return self.state == "pending"

    @property
    def full(self) -> bool:
        """Would an accepted booking get a rank, and no place?"""
        return self.kind == "book" and (self.ahead > 0 or (self.left is not None and self.left <= 0))

    def over(self, now: datetime) -> bool:
        """A booking asked for a day that has passed: it can only be refused."""
        return self.pending and self.kind == "book" and is_over(now, self.day)


@dataclass(frozen=True, slots=True)
class Counts:
    pending: dict[str, int]  # by kind
    answered: dict[str, int]

    def of(self, *, pending: bool, kind: str = "") -> int:
        counted = self.pending if pending else self.answered
        return counted.get(kind, 0) if kind else sum(counted.values())


async def page(cut: Cut, *, pending: bool, kind: str = "", search: str = "") -> Page[RequestLine]:
    where = Where("request.state = 'pending'" if pending else "request.state <> 'pending'")
    if kind:
        where = where.and_also("request.kind = ?", kind)
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def lines(ids: list[int]) -> list[RequestLine]:
    """These, whatever their state; those that are not there are left out."""
    found = await _LISTING.page(
        Where(f"request.id IN ({marks(ids)})", tuple(ids)), Cut("asked", size=len(ids) or 1)
    )
    return found.rows


async def counts() -> Counts:
    counted: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for row in await rows(_COUNTS):
        counted[bool(row["pending"])][row["kind"]] = int(row["number"])
    return Counts(counted[True], counted[False])


async def oldest() -> datetime | None:
    """Since when the first of those that wait has waited."""
    found = await rows("SELECT MIN(made_at) AS made_at FROM request WHERE state = 'pending'")
    return as_instant(found[0]["made_at"])


def _line(row: dict[str, Any]) -> RequestLine:
    made = as_instant(row["made_at"])
    if made is None:
        raise ValueError(row["id"])
    same = (
        "id", "kind", "state", "answered_by", "reason", "first_name", "last_name", "activity", "slot",
        "booking", "cents", "credit",
    )  # fmt: skip
    return RequestLine(
        **{name: row[name] for name in same},
        made_at=made,
        answered_at=as_instant(row["answered_at"]),
        family=row["number"],
        day=as_date(row["day"]),
        left=None if row["places"] is None else row["places"] - row["taken"],
        ahead=int(row["ahead"]),
        prepaid=row["billing"] == "prepaid",
        offered_until=as_instant(row["offered_until"]),
        owed=(row["net"] or 0) - (row["credit"] or 0),
    )


_COUNTS = (
    "SELECT CASE WHEN state = 'pending' THEN 1 ELSE 0 END AS pending, kind, COUNT(*) AS number "
    "FROM request GROUP BY 1, 2"
)
_SEARCHED = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name",
             "family.number", "slot.name")  # fmt: skip

_LISTING = Listing(
    columns="""
request.id, request.kind, request.state, request.made_at, request.answered_at, request.reason,
  member.name AS answered_by, family.number, child.first_name, child.last_name, activity.name AS activity,
  activity.billing, slot.name AS slot, booking.day, booking.state AS booking, booking.cents, opening.places,
  opening.taken, (SELECT COUNT(*) FROM waiting AS ahead WHERE ahead.opening_id = opening.id
    AND ahead.state = 'waiting') AS ahead, waiting.offered_until, owed.net, owed.credit""",
    source="""
request JOIN booking ON booking.id = request.booking_id JOIN family ON family.id = request.family_id
JOIN child ON child.id = booking.child_id JOIN slot ON slot.id = booking.slot_id
JOIN activity ON activity.id = slot.activity_id JOIN opening ON opening.id = booking.opening_id
LEFT JOIN member ON member.id = request.answered_by_id LEFT JOIN waiting ON waiting.booking_id = booking.id
LEFT JOIN family_order AS owed ON owed.family_id = request.family_id AND owed.click = 'request:' || request.id
""",
    orders={
        "asked": ("request.made_at", "request.id"),
        "answered": ("request.answered_at", "request.id"),
        "child": ("LOWER(child.last_name)", "LOWER(child.first_name)", "booking.day", "request.id"),
        "family": ("family.number", "request.made_at", "request.id"),
        "day": ("booking.day", "slot.starts", "request.id"),
    },
    row=_line,
)
