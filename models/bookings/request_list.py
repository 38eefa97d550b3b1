"""What families asked, as the mairie reads it: a page of the list, one request, how many wait."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.french.file_changes import changes
from models.rules.booking import WaitingState
from models.rules.capacity import is_over
from models.rules.states.notices import NoticeKind
from models.rules.states.orders import Billing
from models.rules.states.requests import LASTING, RequestKind, RequestState
from models.storage.database import as_date, as_instant, as_json, marks, rows
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class RequestLine:
    id: int
    kind: str  # a RequestKind
    state: str  # a RequestState
    made_at: datetime
    answered_at: datetime | None
    answered_by: str | None  # who at the mairie
    answered_by_id: int | None
    told_at: datetime | None  # when the family was told of the answer
    reason: str | None  # of a refusal
    family: str  # its number
    first_name: str  # a child's, or a parent's whose file is to change; "": the whole family's
    last_name: str
    activity: str  # "" for a change of the file, as `slot` and `booking`
    slot: str
    day: date | None  # of a booking
    changes: list[tuple[str, str, str]]  # of the file: what, before, after
    left: int | None  # places; none: no limit
    ahead: int  # how many wait for a place of that day
    booking: str  # a BookingState; "" for a change of the file
    cents: int  # the price of the day
    prepaid: bool
    offered_until: datetime | None
    credit: int | None  # of an order made by a late acceptance, in cents
    owed: int

    @property
    def child(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or "La famille"

    @property
    def sealed(self) -> bool:
        """Is it about a child's health, whose values are shown to whoever needs them?"""
        return self.kind == RequestKind.HEALTH_CHANGE

    @property
    def lasting(self) -> bool:
        """Was something accepted that no click takes back: a quotient, somebody who is of the family now?"""
        return self.state == RequestState.ACCEPTED and self.kind in LASTING

    @property
    def pending(self) -> bool:
        return self.state == RequestState.PENDING

    @property
    def full(self) -> bool:
        """Would an accepted booking get a rank, and no place?"""
        no_place = self.ahead > 0 or (self.left is not None and self.left <= 0)
        return self.kind == RequestKind.BOOKING and no_place

    @property
    def posted(self) -> bool:
        """Is what was answered in the family's account?"""
        paid_back = self.kind == RequestKind.CANCELLATION and self.prepaid and self.cents > 0
        return self.state == RequestState.ACCEPTED and (paid_back or self.credit is not None)

    def may_reopen(self, member: int) -> bool:
        """May this member still take back the answer, as far as the list knows?"""
        answered = self.state in (RequestState.ACCEPTED, RequestState.REFUSED)
        final = self.told_at is not None or self.posted or self.lasting
        return answered and self.answered_by_id == member and not final

    def over(self, now: datetime) -> bool:
        """A booking asked for a day that has passed: it can only be refused."""
        booking = self.pending and self.kind == RequestKind.BOOKING
        return booking and self.day is not None and is_over(now, self.day)


@dataclass(frozen=True, slots=True)
class Counts:
    pending: dict[str, int]  # by kind
    answered: dict[str, int]

    def of(self, *, pending: bool, kind: str = "") -> int:
        counted = self.pending if pending else self.answered
        return counted.get(kind, 0) if kind else sum(counted.values())


async def page(cut: Cut, *, pending: bool, kind: str = "", search: str = "") -> Page[RequestLine]:
    where = Where("request.state = ?" if pending else "request.state <> ?", (RequestState.PENDING,))
    if kind:
        where = where.and_also("request.kind = ?", kind)
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def of_family(family: int, cut: Cut) -> Page[RequestLine]:
    """All that a family asked, whatever became of it."""
    return await _LISTING.page(Where("request.family_id = ?", (family,)), cut)


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
    found = await rows("SELECT MIN(made_at) AS made_at FROM request WHERE state = ?", [RequestState.PENDING])
    return as_instant(found[0]["made_at"])


def _line(row: dict[str, Any]) -> RequestLine:
    made = as_instant(row["made_at"])
    if made is None:
        raise ValueError(row["id"])
    same = ("id", "kind", "state", "answered_by", "answered_by_id", "reason", "credit")
    named: dict[str, Any] = {
        name: row[name] or "" for name in ("first_name", "last_name", "activity", "slot", "booking")
    }
    before, after = as_json(row["before"]), as_json(row["after"])
    return RequestLine(
        **{name: row[name] for name in same},
        **named,
        made_at=made,
        answered_at=as_instant(row["answered_at"]),
        told_at=as_instant(row["told_at"]),
        family=row["number"],
        day=None if row["day"] is None else as_date(row["day"]),
        changes=changes(before, after) if after else [],
        left=None if row["places"] is None else row["places"] - row["taken"],
        ahead=int(row["ahead"]),
        cents=row["cents"] or 0,
        prepaid=row["billing"] == Billing.PREPAID,
        offered_until=as_instant(row["offered_until"]),
        owed=(row["net"] or 0) - (row["credit"] or 0),
    )


_COUNTS = f"""
SELECT CASE WHEN state = '{RequestState.PENDING}' THEN 1 ELSE 0 END AS pending, kind, COUNT(*) AS number
FROM request GROUP BY 1, 2
"""  # noqa: S608
# Whom it is about: a child, else a parent.
_FIRST_NAME = "COALESCE(child.first_name, guardian.first_name)"
_LAST_NAME = "COALESCE(child.last_name, guardian.last_name)"
_SEARCHED = (f"{_FIRST_NAME} || ' ' || {_LAST_NAME}", f"{_LAST_NAME} || ' ' || {_FIRST_NAME}",
             "family.number", "slot.name")  # fmt: skip
_NO_DAY = "CASE WHEN booking.day IS NULL THEN 1 ELSE 0 END"  # after the days, on both databases

_LISTING = Listing(
    columns=f"""
request.id, request.kind, request.state, request.made_at, request.answered_at, request.reason, request.before,
  request.after, member.name AS answered_by, request.answered_by_id, notice.told_at, family.number,
  {_FIRST_NAME} AS first_name,
  {_LAST_NAME} AS last_name, activity.name AS activity, activity.billing, slot.name AS slot, booking.day,
  booking.state AS booking, booking.cents, opening.places,
  opening.taken, (SELECT COUNT(*) FROM waiting AS ahead WHERE ahead.opening_id = opening.id
    AND ahead.state = '{WaitingState.WAITING}') AS ahead,
  waiting.offered_until, owed.net, owed.credit""",  # noqa: S608
    source=f"""
request JOIN family ON family.id = request.family_id
LEFT JOIN booking ON booking.id = request.booking_id LEFT JOIN opening ON opening.id = booking.opening_id
LEFT JOIN child ON child.id = COALESCE(booking.child_id,
  CASE WHEN request.subject LIKE 'child:%' THEN CAST(SUBSTR(request.subject, 7) AS INTEGER) END)
LEFT JOIN guardian ON guardian.id =
  CASE WHEN request.subject LIKE 'guardian:%' THEN CAST(SUBSTR(request.subject, 10) AS INTEGER) END
LEFT JOIN slot ON slot.id = booking.slot_id LEFT JOIN activity ON activity.id = slot.activity_id
LEFT JOIN member ON member.id = request.answered_by_id LEFT JOIN waiting ON waiting.booking_id = booking.id
LEFT JOIN notice ON notice.key = '{NoticeKind.REQUEST_ANSWERED}:request:' || request.id
LEFT JOIN family_order AS owed ON owed.family_id = request.family_id AND owed.click = 'request:' || request.id
""",
    orders={
        "asked": ("request.made_at", "request.id"),
        "answered": ("request.answered_at", "request.id"),
        "child": (
            Name(f"COALESCE({_LAST_NAME}, '')"),
            Name(f"COALESCE({_FIRST_NAME}, '')"),
            _NO_DAY,
            "booking.day",
            "request.id",
        ),
        "family": ("family.number", "request.made_at", "request.id"),
        "day": (_NO_DAY, "booking.day", "slot.starts", "request.id"),
    },
    row=_line,
)
