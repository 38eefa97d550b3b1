"""The classes that can be away, and the events there were, as the mairie's screens show them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.commune.class_event import ClassEvent
from models.rules.booking import BookingState
from models.rules.families.classes import LEVELS
from models.storage.database import as_date, as_instant, rows


@dataclass(frozen=True, slots=True)
class SchoolClass:
    school: str  # its code
    school_name: str
    level: str
    pupils: int

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{self.school}.{self.level}"


@dataclass(frozen=True, slots=True)
class EventLine:
    event: ClassEvent
    bookings: int  # that it cancelled
    families: int
    cents: int  # of their credits
    again: int  # booked again since it was taken back
    kept: int  # that could not be
    made_by: str  # a name
    withdrawn_by: str

    def moves(self) -> bool:
        """Is it still being carried out, or taken back?"""
        return self.event.done_at is None or (
            self.event.withdrawn_at is not None and self.event.returned_at is None
        )


async def classes_of(year: int) -> list[SchoolClass]:
    """Those that have pupils in a school year, in the order of schools and levels."""
    found = [
        SchoolClass(row["school"], row["name"], row["level"], row["pupils"])
        for row in await rows(_CLASSES, [year])
    ]
    schools = list(dict.fromkeys(one.school for one in found))
    return sorted(found, key=lambda one: (schools.index(one.school), _rank(one.level), one.level))


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


async def events() -> list[EventLine]:
    """The newest first. Two questions."""
    counted = {row["event_id"]: row for row in await rows(_COUNTED + " GROUP BY cancelled_day.event_id")}
    found = await ClassEvent.all().order_by("-id")
    names = await _names()
    return [_line(event, counted.get(event.id), names) for event in found]


async def event(id: int) -> EventLine | None:
    row = await ClassEvent.get_or_none(id=id)
    if row is None:
        return None
    question = f"{_COUNTED} WHERE cancelled_day.event_id = ? GROUP BY cancelled_day.event_id"
    counted = await rows(question, [id])
    return _line(row, counted[0] if counted else None, await _names())


@dataclass(frozen=True, slots=True)
class CancelledLine:
    """A day that an event cancelled."""

    child: str
    family: str  # its number
    family_id: int
    slot: str
    day: date
    cents: int
    was: str  # a BookingState
    returned_at: datetime | None
    kept: str  # a Kept


async def days_of(id: int) -> list[CancelledLine]:
    return [
        CancelledLine(
            child=row["child"],
            family=row["number"],
            family_id=row["family_id"],
            slot=row["slot"],
            day=as_date(row["day"]),
            cents=row["cents"],
            was=row["was"],
            returned_at=as_instant(row["returned_at"]),
            kept=row["kept"],
        )
        for row in await rows(_DAYS, [id])
    ]


async def _names() -> dict[str, str]:
    return {f"member:{row['id']}": row["name"] for row in await rows("SELECT id, name FROM member")}


def _line(event: ClassEvent, row: dict[str, Any] | None, names: dict[str, str]) -> EventLine:
    counted = {
        name: int(row[name] or 0) if row else 0 for name in ("bookings", "families", "cents", "again", "kept")
    }
    return EventLine(
        event=event,
        made_by=names.get(event.made_by, ""),
        withdrawn_by=names.get(event.withdrawn_by or "", ""),
        **counted,
    )


_CLASSES = """
SELECT school.code AS school, school.name, schooling.level, COUNT(*) AS pupils
FROM schooling JOIN school ON school.id = schooling.school_id
WHERE schooling.year_id = ? AND schooling.level <> ''
GROUP BY school.position, school.id, school.code, school.name, schooling.level
ORDER BY school.position, school.id
"""
_COUNTED = f"""
SELECT cancelled_day.event_id,
  SUM(CASE WHEN cancelled_day.was = '{BookingState.CONFIRMED}' THEN 1 ELSE 0 END) AS bookings,
  COUNT(DISTINCT booking.family_id) AS families, SUM(cancelled_day.cents) AS cents,
  SUM(CASE WHEN cancelled_day.returned_at IS NULL THEN 0 ELSE 1 END) AS again,
  SUM(CASE WHEN cancelled_day.kept = '' THEN 0 ELSE 1 END) AS kept
FROM cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
"""  # noqa: S608
_DAYS = """
SELECT child.first_name || ' ' || child.last_name AS child, family.number, family.id AS family_id, slot.name AS slot,
  booking.day, cancelled_day.cents, cancelled_day.was, cancelled_day.returned_at, cancelled_day.kept
FROM cancelled_day JOIN booking ON booking.id = cancelled_day.booking_id
JOIN child ON child.id = booking.child_id JOIN family ON family.id = booking.family_id
JOIN slot ON slot.id = booking.slot_id
WHERE cancelled_day.event_id = ? ORDER BY child.last_name, child.first_name, booking.day, slot.starts
"""
