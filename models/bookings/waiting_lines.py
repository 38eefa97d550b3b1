"""Who waits for a place, as the mairie reads it: a page of the list, how many, for which activities."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from models.activities.catalogue import Catalogue, current_catalogue
from models.bookings.waiting_list import RANK, served_until
from models.rules import capacity
from models.rules.booking import WAITS, WaitingState
from models.rules.deadlines import PARIS
from models.storage.database import as_date, as_instant, rows, sql_list
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Somebody who waits, or to whom a place is offered."""

    opening: int
    activity: str
    slot: str
    group: str
    day: date
    places: int | None
    taken: int
    first_name: str
    last_name: str
    family: str  # its number
    since: datetime
    rank: int | None  # none while a place is offered
    offered_until: datetime | None
    prepaid: bool
    late: datetime | None  # the deadline, when it leaves no time to give a place

    @property
    def child(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def left(self) -> int | None:
        return None if self.places is None else self.places - self.taken


@dataclass(frozen=True, slots=True)
class Counts:
    waiting: int
    offered: int

    @property
    def all(self) -> int:
        return self.waiting + self.offered


async def page(
    now: datetime,
    cut: Cut,
    *,
    state: WaitingState | None = None,
    activity: int | None = None,
    search: str = "",
) -> Page[WaitingLine]:
    """Of the days that are not over. `state`: one of WAITS; None is both."""
    where = _to_come(now)
    if state:
        where = where.and_also("mine.state = ?", state)
    if activity is not None:
        where = where.and_also("activity.id = ?", activity)
    catalogue = await current_catalogue()
    listing = Listing(_COLUMNS, _SOURCE, _ORDERS, lambda row: _line(catalogue, row, now))
    return await listing.page(where.containing(search, *_SEARCHED), cut)


async def counts(now: datetime) -> Counts:
    where = _to_come(now)
    found = await rows(_COUNTS.format(where=where.sql), where.values)
    numbers = {row["state"]: int(row["number"]) for row in found}
    return Counts(numbers.get(WaitingState.WAITING, 0), numbers.get(WaitingState.OFFERED, 0))


async def activities(now: datetime) -> list[tuple[int, str]]:
    """Those that somebody waits for: (id, name)."""
    where = _to_come(now)
    return [(row["id"], row["name"]) for row in await rows(_ACTIVITIES.format(where=where.sql), where.values)]


def _to_come(now: datetime) -> Where:
    today = now.astimezone(PARIS).date()
    return Where(f"mine.state IN {sql_list(WAITS)}").and_also("booking.day >= ?", today)


def _line(catalogue: Catalogue, row: dict[str, Any], now: datetime) -> WaitingLine:
    day, prepaid = as_date(row["day"]), catalogue.activity_of(row["slot_id"]).prepaid
    school, by_default = row["school"] or "", bool(row["by_default"])
    closes = served_until(catalogue, row["slot_id"], day, school, by_default=by_default)
    same = ("opening", "activity", "slot", "group", "places", "taken", "rank", "first_name", "last_name")
    return WaitingLine(
        **{name: row[name] for name in same},
        day=day,
        family=row["number"],
        since=cast(datetime, as_instant(row["since"])),
        offered_until=as_instant(row["offered_until"]),
        prepaid=prepaid,
        late=None if capacity.can_serve(now, closes, prepaid=prepaid) else closes,
    )


_COUNTS = """
SELECT mine.state, COUNT(*) AS number FROM waiting AS mine JOIN booking ON booking.id = mine.booking_id
WHERE {where} GROUP BY mine.state
"""
_ACTIVITIES = """
SELECT DISTINCT activity.id, activity.name FROM waiting AS mine JOIN booking ON booking.id = mine.booking_id
JOIN slot ON slot.id = booking.slot_id JOIN activity ON activity.id = slot.activity_id
WHERE {where} ORDER BY activity.name, activity.id
"""
_COLUMNS = f"""
mine.opening_id AS opening, mine.since, mine.offered_until, booking.day, booking.slot_id, booking.by_default,
  CASE WHEN mine.state = '{WaitingState.WAITING}' THEN {RANK} END AS rank, school.code AS school, child.first_name,
  child.last_name, family.number, activity.name AS activity, slot.name AS slot, activity_group.name AS "group",
  opening.places, opening.taken"""
_SOURCE = """
waiting AS mine JOIN booking ON booking.id = mine.booking_id JOIN child ON child.id = booking.child_id
JOIN family ON family.id = booking.family_id JOIN opening ON opening.id = mine.opening_id
JOIN slot ON slot.id = opening.slot_id JOIN activity ON activity.id = slot.activity_id
JOIN activity_group ON activity_group.id = opening.group_id
LEFT JOIN schooling ON schooling.child_id = child.id AND schooling.year_id = activity.year_id
LEFT JOIN school ON school.id = schooling.school_id
"""
_ORDERS = {
    # Offers first, then in line, as RANK.
    "day": ("booking.day", "mine.opening_id", "mine.state", "-mine.priority", "mine.since", "mine.id"),
    "since": ("mine.since", "mine.id"),
    "child": (Name("child.last_name"), Name("child.first_name"), "booking.day", "mine.id"),
}
_SEARCHED = ("child.first_name || ' ' || child.last_name", "child.last_name || ' ' || child.first_name",
             "family.number", "slot.name", "activity_group.name")  # fmt: skip
